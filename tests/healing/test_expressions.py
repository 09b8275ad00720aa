"""Expressions that users write can be wrong, but they cannot run away."""

from __future__ import annotations

import sys
import time

import pytest

from healing.expressions import LONGEST, compiled


def test_an_expression_is_searched_replaced_and_read_by_group() -> None:
    expression = compiled(r"acme-(?P<secret>\d+)")
    found = expression.search("é acme-42!")
    assert found is not None
    number = expression.groupindex["secret"]
    assert (found.group(number), found.start(number), found.end(number)) == ("42", 7, 9)
    assert expression.sub(lambda match: "gone", "acme-1 acme-2") == "gone gone"
    assert expression.match("x acme-1") is None


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("(", "missing )"),
        (r"(?<=a)b", "invalid perl operator"),
        (r"a{2000}", "invalid repetition size"),
        ("x*", "matches where nothing is"),
        ("a" * (LONGEST + 1), "too long"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(expression: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        compiled(expression)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_without_re2_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(ValueError, match=r"healing\[re2\]"):
        compiled("without-re2")


def test_an_expression_that_would_hang_python_grows_with_the_text_only() -> None:
    expression = compiled(r"(a+)+$")

    def least(size: int) -> float:
        took = []
        for _ in range(5):
            begun = time.thread_time()
            expression.search("a" * size + "b")
            took.append(time.thread_time() - begun)
        return min(took)

    assert least(80_000) < 200 * least(4_000) + 0.02
