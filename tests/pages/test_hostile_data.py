"""What errors carry comes from anywhere: it is shown as text, on every page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine
from streamlit.testing.v1 import AppTest

from pages.components import markup
from tests.factories import details, failed, insert, insert_details, insert_patterns, pattern, step, trial
from tests.pages.screens import code, html

HOSTILE = [
    "<img src=x onerror=alert(1)>\"'></div></td><script>alert(2)</script>",
    "**bold** [link](javascript:alert(1)) :red[red] :smile: :material/home: $x^2$ `code` # head",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202egnp.exe \x00\x08",
    "x" * 100_000,
    "line one\nline two\r\n\r\nline three",
    "https://evil.example www.evil.example mailto:a@b.example",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.found.update(name for name, _ in attrs)


OURS = {
    "b", "br", "code", "dd", "div", "dl", "dt", "i", "p", "span", "table", "tbody", "td", "th", "thead", "tr",
    "class", "style", "role", "aria-label", "aria-hidden",
}  # fmt: skip


def tags(body: str) -> set[str]:
    parser = Tags()
    parser.feed(body)
    return parser.found


@pytest.fixture
def hostile_id(database: Engine, hostile: str) -> str:
    row = failed(
        occurred_at=datetime.now(UTC) - timedelta(minutes=3),
        source=hostile[:200],
        message=hostile[:300],
        error_type=f"mod.{hostile[:190]}",
    )
    insert(database, row)
    insert_details(
        database,
        details(
            row["id"],
            message=hostile,
            traceback=hostile,
            note=hostile,
            context={"arguments": {hostile[:50]: hostile}, "function": hostile},
            diagnosis={"rule": hostile, "reason": hostile, "executed": "no", "category": hostile},
            plan=[step(hostile, kind=hostile, reason=hostile)],
            trials=[trial(1, strategy=hostile, succeeded=False, error_type=hostile, message=hostile)],
        ),
    )
    insert_patterns(database, pattern(strategy=hostile[:24], ruling="ban", ruled_by=hostile[:100]))
    return str(row["id"])


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("target", ["overview.py", "events.py", "event.py"])
def test_no_page_turns_data_into_markup(app: AppTest, hostile_id: str, target: str) -> None:
    app.run()
    app.switch_page(target)
    app.query_params["id"] = hostile_id
    app.run()

    assert not app.exception
    assert tags(html(app)) <= OURS
    assert "\x1b" not in html(app) + code(app)
    assert "\u202e" not in html(app) + code(app)
    for link in app.get("page_link"):
        assert_inert(link.proto.label)


def assert_inert(label: str) -> None:
    """Each character that Markdown could read is escaped, and no colon touches the word after it."""
    unescaped = label.replace("\\\\", "").replace("\\", "\x00")
    for place, character in enumerate(unescaped):
        if character in "*_[]()<>`$#~|!":
            assert unescaped[place - 1] == "\x00"
        if character == ":":
            assert unescaped[place + 1 : place + 2] == "\u2060"


@given(st.text())
def test_any_text_is_inert_as_a_label_and_as_html(value: str) -> None:
    assert_inert(markup.plain_label(value))
    assert tags(markup.text(value)) == set()


@given(st.text(), st.integers(2, 50))
def test_a_visible_line_keeps_its_limit(value: str, limit: int) -> None:
    line = markup.visible(value, limit)
    assert len(line) <= limit
    assert "\n" not in line


@pytest.mark.parametrize("hostile", ["x" * 100_000])
def test_a_huge_message_is_cut_and_the_rest_is_counted(app: AppTest, hostile_id: str) -> None:
    app.run()
    app.switch_page("event.py")
    app.query_params["id"] = hostile_id
    app.run()
    assert "… and 80,000 more characters" in code(app)
    assert max(len(element.value) for element in app.code) < 21_000
