"""Data that do not fit: pydantic, marshmallow, jsonschema, msgspec and the standard library's parsers of values."""

from __future__ import annotations

import base64
import datetime as dt
import enum
import ipaddress
import re
import struct
import uuid
import zoneinfo
from decimal import Decimal

import jsonschema
import marshmallow
import msgspec
import pydantic

from tests.corpus.errors.schema import Case

from .labels import raised, surfaces, thrown


class Address(pydantic.BaseModel):
    city: str
    zip_code: int


class Order(pydantic.BaseModel):
    id: int
    retry_after: int
    address: Address


class Throttle(marshmallow.Schema):
    timeout = marshmallow.fields.Integer(required=True, validate=marshmallow.validate.Range(min=1))
    email = marshmallow.fields.Email(required=True)


class Price(msgspec.Struct):
    cents: int
    currency: str


class Status(enum.Enum):
    PAID = "paid"
    UNPAID = "unpaid"


def checked_order(total: Decimal) -> None:
    if total <= 0:
        raise ValueError(f"order total must be positive, got {total}")


CASES: list[Case] = [
    surfaces(
        "pydantic_wrong_types",
        lambda: raised(lambda: Order.model_validate({"id": "x", "retry_after": "soon", "address": {"city": "Bonn"}})),
        "validation",
        "Three fields do not fit; that one is called retry_after is no advice to wait.",
    ),
    surfaces(
        "pydantic_json_that_is_none",
        lambda: raised(lambda: Order.model_validate_json("503 Service Unavailable")),
        "validation external_api cache",
        "The text is no JSON; nothing says where it came from, and it stays so.",
    ),
    surfaces(
        "marshmallow_validation",
        lambda: raised(lambda: Throttle().load({"timeout": 0, "email": "nobody"})),
        "validation",
        "Two fields break the schema; one merely has the name timeout.",
    ),
    surfaces(
        "jsonschema_required_property",
        lambda: raised(lambda: jsonschema.validate({"sku": "A-1"}, {"type": "object", "required": ["sku", "qty"]})),
        "validation",
        "A required property is missing.",
    ),
    surfaces(
        "jsonschema_schema_itself_is_wrong",
        lambda: raised(lambda: jsonschema.validate({}, {"type": "objekt"})),
        "programming configuration validation",
        "The schema is wrong, whatever the data are.",
    ),
    surfaces(
        "msgspec_wrong_type",
        lambda: raised(lambda: msgspec.json.decode(b'{"cents": "12", "currency": "EUR"}', type=Price)),
        "validation",
        "A text where the type wants an int.",
    ),
    surfaces("int_of_words", lambda: raised(lambda: int("twelve")), "validation", "The text is no number."),
    surfaces(
        "float_of_misleading_words",
        lambda: raised(lambda: float("connection reset by peer")),
        "validation programming",
        "A text that is no number, whatever it tells.",
    ),
    surfaces(
        "int_of_too_many_digits",
        lambda: raised(lambda: int("9" * 5000)),
        "validation",
        "Python refuses numbers of so many digits.",
    ),
    surfaces(
        "decimal_invalid",
        lambda: raised(lambda: Decimal("12,50 EUR")),
        "validation",
        "The amount is not a decimal.",
    ),
    surfaces(
        "uuid_badly_formed",
        lambda: raised(lambda: uuid.UUID("order-150234")),
        "validation",
        "The text is no UUID.",
    ),
    surfaces("enum_unknown_value", lambda: raised(lambda: Status("timeout")), "validation", "No such status."),
    surfaces(
        "date_format",
        lambda: raised(lambda: dt.datetime.strptime("31.12.24", "%Y-%m-%d")),
        "validation programming",
        "The date does not have the expected form.",
    ),
    surfaces(
        "day_out_of_range",
        lambda: raised(lambda: dt.date(2023, 2, 29)),
        "validation programming",
        "The day does not exist in that year.",
    ),
    surfaces(
        "timestamp_out_of_range",
        lambda: raised(lambda: dt.datetime.fromtimestamp(1_700_000_000_000, tz=dt.UTC)),
        "validation programming",
        "Milliseconds where seconds are meant: the year is far out of range.",
    ),
    surfaces(
        "time_zone_unknown",
        lambda: raised(lambda: zoneinfo.ZoneInfo("Europe/Atlantis")),
        "validation configuration",
        "There is no such time zone; a KeyError by class.",
    ),
    surfaces(
        "ip_address_invalid",
        lambda: raised(lambda: ipaddress.ip_address("10.0.0.503")),
        "validation",
        "No valid address.",
    ),
    surfaces(
        "regular_expression_from_the_user",
        lambda: raised(lambda: re.compile("(unclosed")),
        "validation programming",
        "The pattern is not a regular expression.",
    ),
    surfaces(
        "base64_padding",
        lambda: raised(lambda: base64.b64decode("YWJjZA")),
        "validation",
        "The text is cut off.",
    ),
    surfaces(
        "struct_too_short",
        lambda: raised(lambda: struct.unpack("<IH", b"\x01\x02")),
        "validation programming cache",
        "Fewer bytes than the record needs.",
    ),
    surfaces(
        "latin1_cannot_hold_the_character",
        lambda: raised(lambda: "10 €".encode("latin-1")),
        "validation programming",
        "The character has no place in that encoding.",
    ),
    surfaces(
        "own_rule_violated",
        lambda: raised(lambda: checked_order(Decimal(-429))),
        "validation",
        "A ValueError raised on purpose: the amount is not allowed.",
    ),
    surfaces(
        "own_timeout_argument_rejected",
        lambda: thrown(ValueError("Timeout value was 0, but must be > 0")),
        "validation programming configuration",
        "An argument is wrong; nothing has timed out.",
    ),
]
