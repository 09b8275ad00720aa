"""Errors of dates, numbers, encodings, tables and templates."""

from __future__ import annotations

import base64
import pickle
import zlib

from tests.corpus.fingerprints.model import App, Group, retried, run, tasked, threaded
from tests.corpus.fingerprints.validation import F1, F2, F3

TABLES = App(
    "bi.tables",
    "bi/tables.py",
    """\
import io

import numpy as np
import pandas as pd
from django.template import Context, Engine

ENGINE = Engine()


def column(frame, values):
    frame = frame.copy()
    frame["score"] = values
    return frame


def counts(series):
    return series.astype("int64")


def table(text):
    return pd.read_csv(io.StringIO(text))


def mix(left, right):
    return np.zeros(left) + np.ones(right)


def join(left, right):
    return pd.merge(left, right, on="id", validate="one_to_one")


def frame(**columns):
    return pd.DataFrame(columns)


def series(*values):
    return pd.Series(values, dtype="float64")


def page(text, **values):
    return ENGINE.from_string(text).render(Context(values))
""",
)
T1, T2, T3 = TABLES.releases()
PACKED = zlib.compress(b"a report of some length " * 9)
FROZEN = pickle.dumps(["report", 2026, {"id": 7}])

GROUPS: tuple[Group, ...] = (
    Group(
        "day_in_other_format",
        (run(F1.day, "03.01.2026"), run(F2.day, "yesterday"), threaded(F3.day, "2026/01/03")),
        ("day_with_time",),
        "The text does not match the format; the text is data.",
    ),
    Group(
        "day_with_time",
        (
            run(F1.day, "2026-01-03T10:11:12"),
            run(F2.day, "2026-02-01 00:00:00.5"),
            retried(F3.day, "2025-12-31T23:59:59+01:00"),
        ),
        ("day_in_other_format",),
        "The day is followed by a time, which is data as well.",
    ),
    Group(
        "month_out_of_range",
        (run(F1.calendar_day, 2026, 13, 1), run(F2.calendar_day, 1999, 0, 31), tasked(F3.calendar_day, 2000, 44, 2)),
        ("day_out_of_range",),
        "There is no such month.",
    ),
    Group(
        "day_out_of_range",
        (run(F1.calendar_day, 2026, 2, 30), run(F2.calendar_day, 2025, 4, 31), run(F3.calendar_day, 2024, 1, 0)),
        ("month_out_of_range",),
        "The month exists, but has no such day.",
    ),
    Group(
        "price_not_decimal",
        (run(F1.price, "12,50", "1"), run(F2.price, "free", "2"), threaded(F3.price, "", "1.19")),
        ("price_divided_by_zero",),
        "The text is no decimal number.",
    ),
    Group(
        "price_divided_by_zero",
        (run(F1.price, "12.50", "0"), run(F2.price, "1", "0.00"), retried(F3.price, "-7", "0E+3")),
        ("price_not_decimal",),
        "The rate is zero.",
    ),
    Group(
        "identifier_malformed",
        (
            run(F1.identify, "4711"),
            run(F2.identify, "6f1e2d3c-0b1a-4c5d-8e9f"),
            threaded(F3.identify, "user-17@example.com"),
        ),
        (),
        "The text is no identifier, whatever it is.",
    ),
    Group(
        "address_malformed",
        (run(F1.address, "10.0.0.300"), run(F2.address, "db-1.internal"), tasked(F3.address, "fe80::g")),
        (),
        "The text is no address of a known version.",
    ),
    Group(
        "header_of_wrong_size",
        (run(F1.header, b""), run(F2.header, b"\x00" * 7), threaded(F3.header, b"x" * 900)),
        (),
        "The header has another size than the format asks for.",
    ),
    Group(
        "attachment_badly_padded",
        (
            run(F1.attachment, "YWI"),
            run(F2.attachment, base64.b64encode(b"report").decode() + "YQ="),
            retried(F3.attachment, "YWJjZGVmZw"),
        ),
        (),
        "The encoded text lacks its padding.",
    ),
    Group(
        "document_tags_crossed",
        (run(F1.document, "<a><b></a>"), run(F2.document, "<a>\n <b>\n </c></a>"), threaded(F3.document, "<x></y>")),
        ("document_token_invalid",),
        "An element is closed by another tag, in whatever line and column.",
    ),
    Group(
        "document_token_invalid",
        (run(F1.document, "<a>&</a>"), run(F2.document, "<a b=c/>"), run(F3.document, "<a>\n  <<b/></a>")),
        ("document_tags_crossed",),
        "The document is not well formed.",
    ),
    Group(
        "data_not_compressed",
        (run(F1.inflate, b"plain text"), run(F2.inflate, b"\x00\x01"), threaded(F3.inflate, b"{}" * 40)),
        ("data_cut_off",),
        "The data never were compressed: error -3.",
    ),
    Group(
        "data_cut_off",
        (run(F1.inflate, PACKED[:-5]), run(F2.inflate, PACKED[:9]), retried(F3.inflate, b"")),
        ("data_not_compressed",),
        "The compressed data end too early: error -5.",
    ),
    Group(
        "state_empty",
        (run(F1.thaw, b""), run(F2.thaw, b""), tasked(F3.thaw, b"")),
        ("state_corrupt",),
        "The stored state is empty.",
    ),
    Group(
        "state_corrupt",
        (run(F1.thaw, b"\x00\x01"), run(F2.thaw, b"\xffabc"), threaded(F3.thaw, b"\x1f\x8b")),
        ("state_empty", "state_cut_off"),
        "The stored state begins with a byte that cannot be; which one is data.",
    ),
    Group(
        "state_cut_off",
        (run(F1.thaw, FROZEN[:20]), run(F2.thaw, FROZEN[:15]), run(F3.thaw, FROZEN[:25])),
        ("state_corrupt",),
        "The stored state begins well but is cut off.",
    ),
    Group(
        "queue_depth_not_set",
        (
            run(F1.limits, "[queue]\ntimeout = 3"),
            run(F2.limits, "[queue]\ntimeout = 90\nname = a"),
            threaded(F3.limits, "[other]\nx = 1\n[queue]\n"),
        ),
        ("queue_timeout_not_set", "queue_section_missing"),
        "One option is missing in the section.",
    ),
    Group(
        "queue_timeout_not_set",
        (
            run(F1.limits, "[queue]\ndepth = 3"),
            run(F2.limits, "[queue]\ndepth = 90\nname = a"),
            retried(F3.limits, "[queue]\ndepth = 1"),
        ),
        ("queue_depth_not_set",),
        "Another option is missing.",
    ),
    Group(
        "queue_section_missing",
        (run(F1.limits, ""), run(F2.limits, "[other]\ndepth = 1"), tasked(F3.limits, "[queues]\ndepth = 1")),
        ("queue_depth_not_set",),
        "The whole section is missing.",
    ),
    Group(
        "column_of_other_length",
        (
            run(T1.column, T1.frame(a=[1, 2, 3]), [1, 2]),
            run(T2.column, T2.frame(a=[1, 2]), [5, 6, 7, 8]),
            threaded(T3.column, T3.frame(b=[0]), [1, 2]),
        ),
        (),
        "The new column has another length than the table; both lengths are counts.",
    ),
    Group(
        "counts_not_finite",
        (
            run(T1.counts, T1.series(1.0, float("nan"))),
            run(T2.counts, T2.series(float("inf"))),
            retried(T3.counts, T3.series(1, 2, float("nan"))),
        ),
        (),
        "A missing number cannot become an integer.",
    ),
    Group(
        "table_row_too_long",
        (
            run(T1.table, "a,b\n1,2\n1,2,3,4\n"),
            run(T2.table, "a\n1\n1\n1,2,3\n"),
            threaded(T3.table, "a,b,c\n1\n1,2,3,4,5,6\n"),
        ),
        ("table_empty",),
        "A row has more fields than expected; line and counts are data.",
    ),
    Group(
        "table_empty",
        (run(T1.table, ""), run(T2.table, "\n\n"), run(T3.table, "\n")),
        ("table_row_too_long",),
        "There is no column at all.",
    ),
    Group(
        "shapes_do_not_match",
        (run(T1.mix, (3,), (4,)), run(T2.mix, (2, 3), (2, 4)), tasked(T3.mix, (7, 1, 5), (4,))),
        (),
        "Two arrays cannot be broadcast; their shapes are numbers.",
    ),
    Group(
        "left_keys_not_unique",
        (
            run(T1.join, T1.frame(id=[1, 1]), T1.frame(id=[1])),
            run(T2.join, T2.frame(id=[812, 9, 812]), T2.frame(id=[812, 9])),
            threaded(T3.join, T3.frame(id=[7, 7, 7]), T3.frame(id=[7])),
        ),
        ("right_keys_not_unique",),
        "The keys of the left table repeat.",
    ),
    Group(
        "right_keys_not_unique",
        (
            run(T1.join, T1.frame(id=[1]), T1.frame(id=[1, 1])),
            run(T2.join, T2.frame(id=[812]), T2.frame(id=[812, 9, 812])),
            run(T3.join, T3.frame(id=[7, 8]), T3.frame(id=[8, 8])),
        ),
        ("left_keys_not_unique",),
        "The keys of the right table repeat.",
    ),
    Group(
        "template_filter_unknown",
        (
            run(T1.page, "Hello {{ name|shout }}", name="Ada"),
            run(T2.page, "{% if a %}\n{{ title|shout }}{% endif %}", a=1),
            threaded(T3.page, "{{ x|shout }}"),
        ),
        ("template_block_not_closed",),
        "The template uses a filter that does not exist.",
    ),
    Group(
        "template_block_not_closed",
        (
            run(T1.page, "{% for a in b %}{{ a }}", b=[1]),
            run(T2.page, "x\ny\n{% for row in rows %}\n", rows=[]),
            retried(T3.page, "\n\n\n{% for i in items %} z"),
        ),
        ("template_filter_unknown",),
        "A loop of the template is not closed, in whatever line.",
    ),
)
