from __future__ import annotations

import uuid

from healing.identity import new_id


def test_ids_are_version_7_uuids_that_sort_by_time() -> None:
    ids = [uuid.UUID(new_id()) for _ in range(100)]
    assert {(made.version, made.variant) for made in ids} == {(7, uuid.RFC_4122)}
    milliseconds = [made.int >> 80 for made in ids]
    assert milliseconds == sorted(milliseconds)
    assert len(set(ids)) == 100
