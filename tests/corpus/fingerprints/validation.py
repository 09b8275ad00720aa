"""Errors of validated and parsed input."""

from __future__ import annotations

import datetime
import decimal
import uuid

from tests.corpus.fingerprints.model import App, Group, retried, run, tasked, threaded

INTAKE = App(
    "signup.intake",
    "signup/intake.py",
    """\
import jsonschema
import jwt
import marshmallow
import msgspec
import pydantic


class Line(pydantic.BaseModel):
    sku: str
    qty: int


class Signup(pydantic.BaseModel):
    name: str
    email: str
    age: int = 18
    lines: list[Line] = []

    @pydantic.field_validator("name")
    @classmethod
    def no_digits(cls, value):
        if any(letter.isdigit() for letter in value):
            raise ValueError("a name has no digits")
        return value


class Profile(marshmallow.Schema):
    email = marshmallow.fields.Email()
    age = marshmallow.fields.Integer()


class Parcel(msgspec.Struct):
    id: int
    weight: float


SCHEMA = {
    "type": "object",
    "required": ["email", "city"],
    "properties": {"city": {"type": "string"}, "zip": {"type": "integer"}},
}


def accept(form):
    return Signup.model_validate(form)


def update(form):
    return Profile().load(form)


def receive(body):
    return msgspec.json.decode(body, type=Parcel)


def deliver(address):
    jsonschema.validate(address, SCHEMA)


def session_of(token, key="an-hmac-key-of-sufficient-length-1", audience="shop"):
    return jwt.decode(token, key, algorithms=["HS256"], audience=audience)


def token(payload, key="an-hmac-key-of-sufficient-length-1"):
    return jwt.encode(payload, key, "HS256")
""",
)

FORMATS = App(
    "etl.formats",
    "etl/formats.py",
    """\
import base64
import configparser
import decimal
import ipaddress
import json
import pickle
import struct
import uuid
import xml.etree.ElementTree as tree
import zlib
from datetime import date, datetime


def event(text):
    return json.loads(text)


def dump(value):
    return json.dumps(value)


def day(text):
    return datetime.strptime(text, "%Y-%m-%d").date()


def calendar_day(year, month, number):
    return date(year, month, number)


def price(text, rate):
    return decimal.Decimal(text) / decimal.Decimal(rate)


def identify(text):
    return uuid.UUID(text)


def address(text):
    return ipaddress.ip_address(text)


def header(raw):
    return struct.unpack(">II", raw)


def attachment(text):
    return base64.b64decode(text)


def document(text):
    return tree.fromstring(text)


def inflate(raw):
    return zlib.decompress(raw)


def thaw(raw):
    return pickle.loads(raw)


def limits(text):
    parser = configparser.ConfigParser()
    parser.read_string(text)
    return parser.get("queue", "depth"), parser.get("queue", "timeout")
""",
)
I1, I2, I3 = INTAKE.releases()
F1, F2, F3 = FORMATS.releases()
ADA = {"name": "Ada", "email": "ada@example.com"}
EXPIRED = {"aud": "shop", "exp": 1700000000}

GROUPS: tuple[Group, ...] = (
    Group(
        "signup_email_missing",
        (
            run(I1.accept, {"name": "Ada"}),
            threaded(I2.accept, {"name": "Bob", "age": 61}),
            retried(I3.accept, {"name": "Eve", "lines": []}),
        ),
        ("signup_name_missing",),
        "The e-mail is missing, whatever else was sent.",
    ),
    Group(
        "signup_name_missing",
        (
            run(I1.accept, {"email": "ada@example.com"}),
            run(I2.accept, {"email": "x", "age": 3}),
            tasked(I3.accept, {"email": "b@example.org", "lines": [{"sku": "A", "qty": 1}]}),
        ),
        ("signup_email_missing", "signup_name_with_digits"),
        "Another field of the same model is missing.",
    ),
    Group(
        "signup_age_not_integer",
        (
            run(I1.accept, ADA | {"age": "old"}),
            run(I2.accept, ADA | {"age": "forty-two"}),
            threaded(I3.accept, {"name": "Bob", "email": "b", "age": "12 years"}),
        ),
        ("signup_line_quantity",),
        "The age is no integer; the value is data.",
    ),
    Group(
        "signup_line_quantity",
        (
            run(I1.accept, ADA | {"lines": [{"sku": "A", "qty": "many"}]}),
            run(I2.accept, ADA | {"lines": [{"sku": "A", "qty": 1}, {"sku": "B", "qty": "x"}]}),
            retried(I3.accept, ADA | {"lines": [{"sku": "A", "qty": n} for n in (1, 2, 3, "?")]}),
        ),
        ("signup_age_not_integer",),
        "The quantity of some line is no integer; which line it was is a number.",
    ),
    Group(
        "signup_name_with_digits",
        (
            run(I1.accept, ADA | {"name": "Ada1"}),
            run(I2.accept, ADA | {"name": "x-77"}),
            threaded(I3.accept, {"name": "4", "email": "q@example.net"}),
        ),
        ("signup_name_missing",),
        "The name is there, but the application's own check rejects it.",
    ),
    Group(
        "profile_email_invalid",
        (run(I1.update, {"email": "ada"}), run(I2.update, {"email": "a@"}), threaded(I3.update, {"email": ""})),
        ("profile_age_invalid",),
        "The e-mail is no address.",
    ),
    Group(
        "profile_age_invalid",
        (run(I1.update, {"age": "old"}), run(I2.update, {"age": "1x"}), retried(I3.update, {"age": "?"})),
        ("profile_email_invalid",),
        "Another field of the same schema is invalid.",
    ),
    Group(
        "parcel_without_id",
        (run(I1.receive, b'{"weight": 1}'), run(I2.receive, b'{"weight": 33.5, "to": "x"}'), tasked(I3.receive, b"{}")),
        ("parcel_without_weight", "parcel_weight_not_number"),
        "The id of the parcel is missing.",
    ),
    Group(
        "parcel_without_weight",
        (run(I1.receive, b'{"id": 1}'), run(I2.receive, b'{"id": 99}'), threaded(I3.receive, b'{"id": 5, "to": "y"}')),
        ("parcel_without_id",),
        "The weight of the parcel is missing.",
    ),
    Group(
        "parcel_weight_not_number",
        (
            run(I1.receive, b'{"id": 1, "weight": "heavy"}'),
            run(I2.receive, b'{"id": 2, "weight": "1kg"}'),
            run(I3.receive, b'{"weight": "", "id": 3}'),
        ),
        ("parcel_without_id",),
        "The weight has another type.",
    ),
    Group(
        "address_without_email",
        (
            run(I1.deliver, {"city": "Bern"}),
            threaded(I2.deliver, {"city": "Rom", "zip": 1}),
            run(I3.deliver, {"city": "Linz", "x": [1, 2]}),
        ),
        ("address_without_city", "address_zip_not_integer"),
        "A required property is missing; the quoted name of the property is part of the problem.",
    ),
    Group(
        "address_without_city",
        (
            run(I1.deliver, {"email": "a@example.com"}),
            run(I2.deliver, {"email": "b", "zip": 8}),
            retried(I3.deliver, {"email": "c", "x": None}),
        ),
        ("address_without_email",),
        "Another required property is missing.",
    ),
    Group(
        "address_zip_not_integer",
        (
            run(I1.deliver, {"email": "a", "city": "Bern", "zip": "3000"}),
            run(I2.deliver, {"email": "b", "city": "Rom", "zip": "SW1A 1AA"}),
            tasked(I3.deliver, {"email": "c", "city": "Oslo", "zip": ""}),
        ),
        ("address_without_email",),
        "The quoted value is data: it is no integer.",
    ),
    Group(
        "session_expired",
        (
            run(I1.session_of, I1.token(EXPIRED)),
            run(I2.session_of, I2.token(EXPIRED | {"sub": "17"})),
            threaded(I3.session_of, I3.token(EXPIRED | {"exp": 1600000000})),
        ),
        ("session_signature_wrong", "session_for_other_audience"),
        "The session token has expired.",
    ),
    Group(
        "session_signature_wrong",
        (
            run(I1.session_of, I1.token(EXPIRED, "another-hmac-key-of-sufficient-size")),
            run(I2.session_of, I2.token({"aud": "shop"}, "one-more-hmac-key-of-sufficient-size")),
            retried(I3.session_of, I3.token({"sub": "1"}, "another-hmac-key-of-sufficient-size")),
        ),
        ("session_expired",),
        "The token was signed with another key.",
    ),
    Group(
        "session_for_other_audience",
        (
            run(I1.session_of, I1.token({"aud": "admin"})),
            run(I2.session_of, I2.token({"aud": "mobile-2"})),
            tasked(I3.session_of, I3.token({"aud": ["a", "b"]})),
        ),
        ("session_expired",),
        "The token is meant for someone else.",
    ),
    Group(
        "event_text_after_end",
        (run(F1.event, '{"a": 1} x'), run(F2.event, "[1, 2]]"), threaded(F3.event, '{"id": 7}\n{"id": 8}')),
        ("event_string_not_closed", "event_value_missing"),
        "Something follows the document, at whatever place.",
    ),
    Group(
        "event_string_not_closed",
        (run(F1.event, '{"a": "b'), run(F2.event, '["x'), retried(F3.event, '{"id": 7, "name": "Ada}')),
        ("event_text_after_end",),
        "The document was cut off inside a string.",
    ),
    Group(
        "event_value_missing",
        (run(F1.event, '{"a": }'), run(F2.event, "[1, 2, oops]"), tasked(F3.event, '{\n "id": 7,\n "n": NULL}')),
        ("event_text_after_end",),
        "A value is missing or no value at all.",
    ),
    Group(
        "decimal_not_serialisable",
        (
            run(F1.dump, {"price": decimal.Decimal("1.5")}),
            run(F2.dump, [decimal.Decimal(7)]),
            threaded(F3.dump, decimal.Decimal("-3E+2")),
        ),
        ("date_not_serialisable",),
        "A Decimal cannot be written as JSON.",
    ),
    Group(
        "date_not_serialisable",
        (
            run(F1.dump, {"due": datetime.date(2026, 1, 3)}),
            run(F2.dump, [datetime.date(2025, 12, 31)]),
            run(F3.dump, datetime.date(1999, 9, 9)),
        ),
        ("decimal_not_serialisable", "uuid_not_serialisable"),
        "A date cannot be written as JSON.",
    ),
    Group(
        "uuid_not_serialisable",
        (run(F1.dump, {"id": uuid.UUID(int=1)}), run(F2.dump, [uuid.UUID(int=7)]), tasked(F3.dump, uuid.UUID(int=99))),
        ("date_not_serialisable",),
        "An identifier object cannot be written as JSON.",
    ),
)
