"""What a session sees, as text to look into."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def seen(app: AppTest) -> str:
    """Every text that the run sent: HTML, Markdown, code, links, alerts, metrics."""
    assert not app.exception, app.exception[0].message
    return "\n".join(str(element.proto) for element in app.main)


def links(app: AppTest) -> list[str]:
    """The labels of links to pages, without their escapes."""
    return [link.proto.label.replace("\\", "").replace("\u2060", "") for link in app.get("page_link")]


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def code(app: AppTest) -> str:
    return "\n".join(element.value for element in app.code)
