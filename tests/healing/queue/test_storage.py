from __future__ import annotations

import os
import pickle
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from huey.registry import Message
from hypothesis import given
from hypothesis import strategies as st

from healing.errors import ConfigurationError
from healing.queue.storage import JsonSerializer, Store, open_store

NOW = 1_800_000_000.0


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url, "healing")
    yield opened
    opened.close()


@given(
    st.builds(
        Message,
        id=st.text(),
        name=st.text(),
        retries=st.integers(0, 20),
        args=st.lists(st.text()),
        kwargs=st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False)),
    )
)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    serializer = JsonSerializer()

    assert serializer.deserialize(serializer.serialize(message)) == message


class Explosive:
    def __reduce__(self) -> tuple[object, ...]:
        return (os._exit, (3,))


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps(Explosive()),
        pickle.dumps(Message("1", "task"), protocol=0),
        b"[]",
        b'"text"',
        b"{}",
        b'{"id": "1", "name": "n", "stranger": 1}',
        b"",
    ],
)
def test_a_pickle_or_any_other_stranger_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        JsonSerializer().deserialize(data)


def test_nothing_is_claimed_from_an_empty_queue(store: Store) -> None:
    assert store.claim(NOW, NOW + 60) is None


def test_jobs_are_claimed_in_the_order_in_which_they_fall_due(store: Store) -> None:
    for data, due in ((b"third", NOW), (b"first", NOW - 20), (b"second", NOW - 10), (b"later", NOW + 1)):
        store.add(data, due)

    claimed = [store.claim(NOW, NOW + 60) for _ in range(4)]

    assert [lease and lease.data for lease in claimed] == [b"first", b"second", b"third", None]


def test_a_claimed_job_stays_in_the_database_and_falls_due_when_its_lease_ends(store: Store) -> None:
    store.add(b"job", NOW)
    store.claim(NOW, NOW + 60)

    assert (store.due(NOW), store.later(NOW)) == (0, 1)
    assert store.claim(NOW + 59, NOW + 100) is None
    again = store.claim(NOW + 60, NOW + 100)
    assert again is not None
    assert again.data == b"job"


def test_a_renewed_lease_ends_later(store: Store) -> None:
    store.add(b"job", NOW)
    lease = store.claim(NOW, NOW + 60)
    assert lease is not None

    assert store.renew(lease, NOW + 120)

    assert store.claim(NOW + 60, NOW + 200) is None
    store.remove(lease)
    assert store.later(NOW) == 0


def test_whoever_has_lost_a_job_cannot_touch_it_any_more(store: Store) -> None:
    store.add(b"job", NOW)
    slow = store.claim(NOW, NOW + 60)
    fast = store.claim(NOW + 60, NOW + 120)
    assert slow is not None
    assert fast is not None

    assert not store.renew(slow, NOW + 500)
    store.rewrite(slow, b"other")
    store.put_back(slow, NOW)
    store.bury(slow, "id", b"{}")
    store.remove(slow)

    assert store.later(NOW + 60) == 1
    assert store.dead() == {}
    again = store.claim(NOW + 120, NOW + 180)
    assert again is not None
    assert again.data == b"job"


def test_what_is_rewritten_comes_back_rewritten(store: Store) -> None:
    store.add(b"job", NOW)
    lease = store.claim(NOW, NOW + 60)
    assert lease is not None

    store.rewrite(lease, b"better")
    store.put_back(lease, NOW + 5)

    again = store.claim(NOW + 5, NOW + 60)
    assert again is not None
    assert again.data == b"better"


def test_a_buried_job_is_in_the_dead_letters_and_not_in_the_queue(store: Store) -> None:
    store.add(b"job", NOW)
    lease = store.claim(NOW, NOW + 60)
    assert lease is not None

    store.bury(lease, "abc", b"record")

    assert store.dead() == {"abc": b"record"}
    assert store.claim(NOW + 100, NOW + 200) is None


def test_queues_of_other_names_are_left_alone(store: Store, database_url: str) -> None:
    other = open_store(database_url, "other")
    other.add(b"theirs", NOW)

    assert store.claim(NOW, NOW + 60) is None
    assert other.due(NOW) == 1
    other.close()


def test_rivals_never_claim_the_same_job(database_url: str) -> None:
    stores = [open_store(database_url, "healing") for _ in range(3)]
    for number in range(30):
        stores[0].add(b"%d" % number, NOW)
    claimed: list[bytes] = []

    def claim_all(store: Store) -> None:
        while (lease := store.claim(NOW, NOW + 60)) is not None:
            claimed.append(lease.data)

    rivals = [threading.Thread(target=claim_all, args=(store,)) for store in stores]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    for store in stores:
        store.close()

    assert sorted(claimed) == sorted(b"%d" % number for number in range(30))


def test_the_sqlite_queue_waits_for_another_writer(sqlite_url: str) -> None:
    path = sqlite_url.removeprefix("sqlite:///")
    store = open_store(sqlite_url, "healing")
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.execute("begin immediate")
    release = threading.Timer(0.2, writer.execute, ["commit"])
    release.start()

    store.add(b"job", NOW)

    release.join()
    assert writer.execute("pragma journal_mode").fetchone() == ("wal",)
    assert store.due(NOW) == 1
    writer.close()
    store.close()


def test_sqlite_makes_the_folder_of_its_file(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/new/folder/healing.db", "healing")

    assert store.due(NOW) == 0
    store.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="database_url: queued work needs an SQLite file"):
        open_store(url, "healing")


def test_in_postgresql_the_tables_carry_our_prefix(postgres_url: str) -> None:
    open_store(postgres_url, "healing").close()

    with psycopg.connect(postgres_url) as connection:
        rows = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    names = {name.removeprefix("healing_queue_") for (name,) in rows}
    assert names == {"task", "schedule", "kv", "counter"}
