"""Names and expressions of users: what they find goes by their kind, on top of what is built in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healing import redact as redact_by_settings
from healing import testing
from healing.redaction import Redactor, redact

ORDER = r"order (?P<secret>[A-Z]+-\d+)"


def test_the_group_secret_marks_the_part_that_goes() -> None:
    assert redact("order ABC-123 of ann", patterns=[ORDER]) == "order [redacted:declared] of ann"
    assert redact("order ABC-123 of ann", patterns=[r"[A-Z]+-\d+"]) == "order [redacted:declared] of ann"


def test_a_kind_names_what_was_found() -> None:
    assert redact("order ABC-123", patterns={"order_number": ORDER}) == "order [redacted:order_number]"
    assert redact("order ABC-123", patterns=(("order_number", ORDER),)) == "order [redacted:order_number]"


def test_patterns_look_into_structures_and_encodings() -> None:
    redactor = Redactor(patterns=[r"E-\d{6}"])
    assert redactor.value({"note": ["from E-123456"], "E-123456": 1}) == {
        "note": ["from [redacted:declared]"],
        "[redacted:declared]": 1,
    }
    assert redactor.text("q=by%3AE-123456%26x") == "q=by%3A[redacted:declared]%26x"


def test_an_optional_group_that_took_no_part_leaves_the_match() -> None:
    assert redact("ab", patterns=["a(?P<secret>x)?b"]) == "ab"


def test_what_is_hidden_already_keeps_its_kind() -> None:
    assert redact("mail a@example.com", patterns=[r"mail .*"]) == "[redacted:declared]"
    assert redact("mail [redacted:email]", patterns=[r"redacted|email"]) == "mail [redacted:email]"
    assert redact("mail [redacted:email] now", patterns=[r"mail (?P<secret>.*)"]) == (
        "mail [redacted:email][redacted:declared]"
    )


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (["(?=x)y"], "is no expression that RE2 knows"),
        (["x*"], "also matches where nothing is"),
        ({"Order": "x"}, "'Order' is no kind"),
        ({"": "x"}, "'' is no kind"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said(patterns: Any, said: str) -> None:
    with pytest.raises(ValueError) as raised:
        Redactor(patterns=patterns)
    assert said in str(raised.value)


def test_a_pattern_that_is_no_text_is_told() -> None:
    with pytest.raises(TypeError, match="must be an expression, got 3"):
        Redactor(patterns=[3])  # type: ignore[list-item]


def test_an_extended_redactor_hides_more_and_what_it_hid_before() -> None:
    base = Redactor(extra_keys=("tone",), patterns=[r"E-\d{6}"])
    extended = base.extended(keys=["shoe_size"], patterns={"order_number": ORDER})
    value = {"tone": "x", "shoeSize": 44, "text": "E-123456, order ABC-123", "size": 3}
    assert extended.value(value) == {
        "tone": "[redacted:declared]",
        "shoeSize": "[redacted:declared]",
        "text": "[redacted:declared], order [redacted:order_number]",
        "size": 3,
    }
    assert base.value({"shoeSize": 44}) == {"shoeSize": 44}


def test_the_same_declaration_gives_the_same_redactor() -> None:
    base = Redactor()
    assert base.extended(keys=["a"], patterns=["b+"]) is base.extended(keys=("a",), patterns=("b+",))
    assert base.extended() is base
    assert base.extended(keys=["a"]) is not base.extended(keys=["b"])


def test_personal_data_stays_where_one_of_both_leaves_it() -> None:
    assert Redactor().extended(personal_data=False).text("to a@example.com") == "to a@example.com"
    assert Redactor(personal_data=False).extended(["x"]).text("to a@example.com") == "to a@example.com"
    assert Redactor(personal_data=False).extended().text("token=zq8") == "token=[redacted:token]"


def test_redact_adds_to_the_settings() -> None:
    with testing.active(redact_keys=("tone",), redact_patterns=(r"E-\d{6}",)):
        assert redact_by_settings({"tone": "x", "size": 3}, keys=["size"]) == {
            "tone": "[redacted:declared]",
            "size": "[redacted:declared]",
        }
        assert redact_by_settings("E-123456 a@b.com", personal_data=False) == "[redacted:declared] a@b.com"
        assert redact_by_settings("order ABC-123", patterns={"order_number": ORDER}) == "order [redacted:order_number]"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["E-12 ", "password=x ", "a@b.com ", "[redacted:email]", "x", " ", "="]), max_size=8),
    st.sampled_from([r"E-\d+", r".+", r"\w+", r"(?P<secret>\S+) ", r"\[(?P<secret>[^\]]+)", r"e(?P<secret>.)?"]),
)
def test_redacting_twice_changes_nothing_whatever_the_pattern(parts: list[str], pattern: str) -> None:
    redactor = Redactor(patterns=[pattern])
    once = redactor.text("".join(parts))
    assert redactor.text(once) == once
