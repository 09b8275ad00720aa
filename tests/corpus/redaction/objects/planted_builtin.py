"""Values of the language and its standard library that carry secrets."""

from __future__ import annotations

import argparse
import configparser
import contextvars
import email.message
import functools
import http.client
import http.cookies
import io
import json
import logging
import queue
import re
import smtplib
import sqlite3
import subprocess
import threading
import types
import urllib.error
import urllib.parse
import urllib.request
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, defaultdict, deque, namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, NamedTuple, TypedDict

from tests.corpus.redaction.schema import Planted, b64, basic, glued, jwt, pem, planter, raised

_cases: list[Planted] = []
plant = planter(_cases)


# Dictionaries and names


@plant("X*XHB3y*OnzO5", keeps=("r.okafor", "remember_me"), why="A login form holds the password a person typed.")
def login_form(s: str) -> object:
    return {"username": "r.okafor", "password": s, "remember_me": True}


@plant(
    "NNxFXOWaWNjJY4PENGzjcZI85hqIAX0b",
    keeps=("billing", "gateway", "merchant-2207"),
    why="A client secret four levels down is as secret as one at the top.",
)
def nested_service_settings(s: str) -> object:
    return {"services": {"billing": {"gateway": {"merchant": "merchant-2207", "client_secret": s}}}}


@plant(
    "VDzu1jwi2WTmkahh5KG9BoNyblhmEoC",
    "05btavhjuhYoWDrmyAKVilmqiNpSLJG",
    keeps=("kiosk-04", "kiosk-09"),
    why="Each row of a user listing carries a password hash that can be attacked offline.",
)
def rows_with_bcrypt_hashes(a: str, b: str) -> object:
    return [
        {"login": "kiosk-04", "hash": glued("$2", "b$12$", "Qx7Lr0VmZ9uTn4HsKe1WyO", a)},
        {"login": "kiosk-09", "hash": glued("$2", "b$12$", "Jc2Pd8YbN5vRi6GtXo3MfA", b)},
    ]


@plant(
    "eQ_MG4IyxzX0qzF2_5Zld2KdYBMNvABDZVjwjYbT",
    keeps=("eu-west-1", "timeout", "12.5"),
    why="A call's keyword argument named api_token is a token.",
)
def call_arguments(s: str) -> object:
    return {"args": ("eu-west-1",), "kwargs": {"api_token": s, "timeout": 12.5}}


@plant("vBLTYdVk4Odl2d6aqbw1ZZDEDjYH", keeps=("tenant-311", "clientSecret"), why="A camelCase name says client secret.")
def camel_case_client_secret(s: str) -> object:
    return {"tenantId": "tenant-311", "clientSecret": s}


@plant(
    "8080a4a96f5fb4ba19567e2423a4f5ca", keeps=("api-key", "weather-station-8"), why="A kebab-case name says API key."
)
def kebab_case_api_key(s: str) -> object:
    return {"station": "weather-station-8", "api-key": s, "sample-interval": 300}


@plant(
    "IqXrc4VtKRXPaXBKwD",
    keeps=("LEDGER_DB_HOST", "pg-ledger.internal"),
    why="A name in capitals ending in PASSWD is a password.",
)
def screaming_passwd(s: str) -> object:
    return {"LEDGER_DB_HOST": "pg-ledger.internal", "LEDGER_DB_PASSWD": s, "LEDGER_DB_PORT": 5432}


@plant("L_w6V_xIpFn", keeps=("Benutzer", "lager_sued"), why="Passwort is German for password.")
def german_passwort(s: str) -> object:
    return {"Benutzer": "lager_sued", "Passwort": s, "Mandant": 100}


@plant(
    "D7%ubYTm#f0zTl",
    "OvsDZzPAykpFvnI2RF7PNr2Y",
    keeps=("Filiale-Nord", "rolle"),
    why="Kennwort and Zugangsschlüssel are German for password and access key.",
)
def german_kennwort_and_key(a: str, b: str) -> object:
    return {"benutzername": "Filiale-Nord", "kennwort": a, "zugangsschlüssel": b, "rolle": "kassierer"}


@plant(
    "pV#grKTf*7tx",
    "E26MzFCtoQTpxXSw0h9I6ptNYk6rYTCbDfbL",
    keeps=("identifiant", "compta-lyon"),
    why="Mot de passe and jeton d'accès are French for password and access token.",
)
def french_mot_de_passe(a: str, b: str) -> object:
    return {"identifiant": "compta-lyon", "mot_de_passe": a, "jeton_acces": b, "delai": 30}


@plant("ADbwZu#1TENm", keeps=("usuario", "almacen_bcn"), why="Contraseña is Spanish for password.")
def spanish_contrasena(s: str) -> object:
    return {"usuario": "almacen_bcn", "contraseña": s, "sucursal": "Barcelona-2"}


@plant(
    "9d79ebf13e15a5cb53cad62a27ef6db56b4ceb56",
    keeps=("pasarela", "TERM-0871"),
    why="Clave secreta is Spanish for secret key.",
)
def spanish_clave_secreta(s: str) -> object:
    return {"pasarela": {"terminal": "TERM-0871", "claveSecreta": s, "moneda": "978"}}


@plant("4821", keeps=("door-east", "attempts"), why="A door PIN given as a number opens the door.")
def numeric_pin(s: str) -> object:
    return {"reader": "door-east", "pin": int(s), "attempts": 2}


@plant("644393", keeps=("challenge-58a1", "otp_code"), why="A one-time code is valid while the error is being handled.")
def one_time_code(s: str) -> object:
    return {"challenge": "challenge-58a1", "otp_code": s, "channel": "totp"}


@plant(
    "UXPIFDFDMMPLBM2JGAHLCZAXD5QAD32U",
    keeps=("totpSecret", "acme-admin"),
    why="The seed of an authenticator app yields every later code.",
)
def totp_seed(s: str) -> object:
    return {"account": "acme-admin", "totpSecret": s, "digits": 6, "period": 30}


@plant(
    "msz2c-bnude",
    "iyxir-j9mz6",
    "29z2m-q7mar",
    keeps=("recovery_codes", "usr_7Hq2"),
    why="Each recovery code replaces the second factor once.",
)
def recovery_codes_in_frozenset(a: str, b: str, c: str) -> object:
    return {"user": "usr_7Hq2", "recovery_codes": frozenset({a, b, c})}


@plant(
    "velvet orbit canyon muffin harvest",
    keeps=("wallet-eu-3", "m/44"),
    why="A mnemonic phrase restores the whole wallet.",
)
def wallet_mnemonic(s: str) -> object:
    words = f"{s} ladder tuna crisp noble fabric drift oyster"
    return {"wallet": "wallet-eu-3", "mnemonic": words, "derivation_path": "m/44'/60'/0'/0"}


@plant(
    "c6eFzgcrW4l0Bfph64m8", keeps=("ssid", "Warehouse-Scanners"), why="The psk of a wireless network is its password."
)
def wifi_provisioning(s: str) -> object:
    return {"device": "scanner-77", "network": {"ssid": "Warehouse-Scanners", "psk": s, "band": "5GHz"}}


@plant(
    "X?0RLo3l_X3ojIbp",
    keeps=("ou=services", "ldap.corp.internal"),
    why="An LDAP bind needs the service account's password.",
)
def ldap_bind_settings(s: str) -> object:
    return {
        "server": "ldap.corp.internal",
        "bind_dn": "cn=reader,ou=services,dc=corp,dc=internal",
        "bind_password": s,
        "start_tls": True,
    }


@plant(
    "QD231BS8IXiM1y2SfPGxloB6",
    keeps=("id_ed25519_deploy", "build-agent"),
    why="A passphrase decrypts the private key beside it.",
)
def ssh_key_passphrase(s: str) -> object:
    return {"username": "build-agent", "key_filename": "id_ed25519_deploy", "passphrase": s}


@plant(
    "RwPGrvhWNJlwkEYhCgvPyTnPoYfxb1bDBqQj34YMlSH",
    keeps=("smtp_password", "smtp-relay-2"),
    why="A secret may be wrapped in a small record under its name.",
)
def secret_wrapped_in_record(s: str) -> object:
    return {"relay": "smtp-relay-2", "smtp_password": {"vault_value": s}, "port": 587}


@plant(
    "MVt7tDzrGTxr3tNbR9rZXZHw6j",
    "7puqXbJrNhVB4HmyewEnvXAIvb",
    keeps=("api_keys", "partner-feed"),
    why="Every item of a list named api_keys is a key.",
)
def list_under_plural_name(a: str, b: str) -> object:
    return {"consumer": "partner-feed", "api_keys": [a, b], "quota": 2500}


@plant(
    "mrG2uHpB6d5bzQLsyvZ6KSsLbqcMGX",
    keeps=("user_id", "88213"),
    why="A tuple's first member names the second as the session token.",
)
def name_and_value_pairs(s: str) -> object:
    return [("user_id", 88213), ("session_token", s), ("locale", "pl_PL")]


@plant(
    "Wi5JbRrs97GFJGxUe8yDY",
    keeps=("DB_PASSWORD", "worker-nightly"),
    why="A container's environment is a list of name and value.",
)
def container_environment_list(s: str) -> object:
    return {
        "name": "worker-nightly",
        "environment": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "DB_PASSWORD", "value": s}],
    }


@plant(
    "fVol9nIAso8hUwZT4swBQOwlTMBQ8O3N",
    keeps=("baseUrl", "https://sandbox.courier.example"),
    why="A Postman variable's key says what its value is.",
)
def postman_environment(s: str) -> object:
    return {
        "name": "courier sandbox",
        "values": [
            {"key": "baseUrl", "value": "https://sandbox.courier.example", "enabled": True},
            {"key": "access_token", "value": s, "enabled": True},
        ],
    }


@plant(
    "2qiRU4N9yfutDKpsS09LvGEH",
    keeps=("SecureString", "ledger/db_password"),
    why="A SecureString parameter's value is stored encrypted for a reason.",
)
def ssm_secure_string(s: str) -> object:
    return {"Parameter": {"Name": "/prod/ledger/db_password", "Type": "SecureString", "Value": s, "Version": 7}}


@plant(
    "bLm5Iqb2Hps58OKGU1JWpJbWg70rYre2ZRkE",
    keeps=("usr_101", "usr_102"),
    why="A cache keyed by access tokens shows the tokens as its keys.",
)
def tokens_as_mapping_keys(s: str) -> object:
    return {glued("gh", "p_", s): "usr_101", "anonymous": "usr_102"}


@plant(
    "lpkTxob98b1JXjWe", keeps=("db-7.internal", "5432"), why="A tuple key of host and setting still names a password."
)
def tuple_keys(s: str) -> object:
    return {("db-7.internal", "port"): 5432, ("db-7.internal", "password"): s}


@plant(
    "0WNsG_34QUJFWE7hC024KBk694k_KuXI93KzGlX7FL4",
    keeps=("claims_id", "claim-2291"),
    why="A signed token is a credential whatever its field is called.",
)
def jwt_under_neutral_name(s: str) -> object:
    return {"claims_id": "claim-2291", "payload": jwt({"sub": "usr_55", "scope": "refunds:write"}, s)}


@plant(
    "ofYF4qScJ6NmQRFjB",
    keeps=("retry", "pipeline-12"),
    why="A structure that contains itself still holds its password.",
)
def cyclic_structure(s: str) -> object:
    node: dict[str, Any] = {"id": "pipeline-12", "retry": 3, "password": s}
    node["parent"] = node
    return node


@plant(
    "HDya**nKpBvu",
    "urjtpLGb9m_F",
    keeps=("usr_3310", "new_password"),
    why="A password change holds the old and the new password.",
)
def password_change(a: str, b: str) -> object:
    return {"user": "usr_3310", "current_password": a, "new_password": b, "confirm_password": b}


@plant(
    "WVW52KNeI7iUmzagjH6WQYm2WMZDZBWI",
    keeps=("smtpHost", "mail-out.internal"),
    why="smtpPass abbreviates the mail account's password.",
)
def abbreviated_pass(s: str) -> object:
    return {"smtpHost": "mail-out.internal", "smtpUser": "notifier", "smtpPass": s}


@plant(
    "706f644c49c6047788db0afed59b3dcd6b65d7790b223d08653e2ba199b39f27",
    keeps=("aes-256-gcm", "column"),
    why="An encryption key opens every row written with it.",
)
def encryption_key_hex(s: str) -> object:
    return {"cipher": "aes-256-gcm", "encryptionKey": s, "column": "notes_enc"}


# Containers of the standard library


@plant(
    "lI9lsiFC3WbXlEOxMeaSmPLwl6FKDmLQhW5s",
    "xIhBJEdqER1BHdDC5jB4TzseG3JTDDUYkKaG",
    keeps=("anonymous", "rate-limited"),
    why="GitHub tokens are known by their prefix even in a nameless set.",
)
def set_of_tokens(a: str, b: str) -> object:
    return {"anonymous", "rate-limited", glued("gh", "p_", a), glued("gh", "o_", b)}


DbLogin = namedtuple("DbLogin", ["host", "user", "password"])


@plant(
    "HRkNHlzXpmt2jEH", keeps=("pg-stock.internal", "stock_ro"), why="The third field of this named tuple is a password."
)
def namedtuple_login(s: str) -> object:
    return DbLogin("pg-stock.internal", "stock_ro", s)


class Upstream(NamedTuple):
    name: str
    base_url: str
    api_key: str
    weight: int = 1


@plant(
    "t9wcM1jtjlwgjVtmT9t5GWmDRoswxt",
    "TTF4arNQc9xfCRg278XPJN8sXiQEZR",
    keeps=("primary", "https://fx-b.example"),
    why="Each upstream in the list has its own key.",
)
def list_of_typed_namedtuples(a: str, b: str) -> object:
    return [Upstream("primary", "https://fx-a.example", a), Upstream("standby", "https://fx-b.example", b, 3)]


@plant(
    "0JCk9aiPYG9DJVpLqiQ0jKOM5KeJUBr8uLmpqL3sdKacs0mx",
    keeps=("/v2/parcels", "ship.example"),
    why="The raw request carries a bearer token in its head.",
)
def raw_request_bytes(s: str) -> object:
    head = f"POST /v2/parcels HTTP/1.1\r\nHost: ship.example\r\nAuthorization: Bearer {s}\r\nContent-Length: 2\r\n\r\n"
    return head.encode() + b"{}"


@plant(
    "VyrOHc4fdjB2gio7Cbce",
    keeps=("APP_ENV", "staging"),
    why="A buffer holding an environment file holds its passwords.",
)
def bytearray_of_env_file(s: str) -> object:
    return bytearray(f"APP_ENV=staging\nREDIS_PASSWORD={s}\nWORKERS=4\n".encode())


@plant(
    "5ZDXTuMSG1TcCRhKyeWwMqxX74R6wILE",
    keeps=("webhook-v3", "sha256"),
    why="A signing key is secret whichever view of its bytes is held.",
)
def memoryview_signing_key(s: str) -> object:
    return {"name": "webhook-v3", "signing_key": memoryview(s.encode()), "digest": "sha256"}


@plant(
    "I3TyW0lSw6AvA_-tjNh1nT4auyLc20w96UbMJfla",
    keeps=("GET /health", "relay started"),
    why="A recent log line repeats an Authorization header.",
)
def deque_of_log_lines(s: str) -> object:
    return deque(["relay started", "GET /health 200", f"GET /orders 401 Authorization: Bearer {s}"], maxlen=50)


@plant("sgZXze8D1xABIFxZRl1", keeps=("vhost", "/orders"), why="An ordered configuration holds the broker's password.")
def ordered_dict_broker(s: str) -> object:
    return OrderedDict([("host", "mq-1.internal"), ("vhost", "/orders"), ("password", s), ("heartbeat", 30)])


@plant(
    "jDJVaIeISwP9F0Ioc0eWV8p",
    "zp6nTz8L43kNOgdjvEtcFKJ",
    keeps=("region", "eu-central-2"),
    why="An overlay hides an older value of the key that a dump of the maps would show.",
)
def chain_map_layers(a: str, b: str) -> object:
    return {"config": ChainMap({"secret_key": a}, {"secret_key": b}), "region": "eu-central-2"}


@plant(
    "rxbTgiCeHlb5pnZcVTpjHayyjyh",
    keeps=("issuer", "https://login.shop.example"),
    why="A read-only view shows the same client secret.",
)
def mapping_proxy(s: str) -> object:
    return types.MappingProxyType({"issuer": "https://login.shop.example", "client_secret": s})


@plant(
    "IA_tvBjvzdlsssxIC0HGsSegdVLcKsKQcgni",
    keeps=("page", "created_at"),
    why="A parsed query maps access_token to a list with the token.",
)
def defaultdict_of_query(s: str) -> object:
    query: defaultdict[str, list[str]] = defaultdict(list)
    for name, values in urllib.parse.parse_qs(f"access_token={s}&page=2&order=created_at").items():
        query[name].extend(values)
    return query


@plant(
    "y9o6tfhUGlvWKf0nE58Dpsc9",
    keeps=("calls_by_key", "invoice-api"),
    why="A counter per caller uses the callers' keys as its keys.",
)
def counter_keyed_by_api_key(s: str) -> object:
    return {"service": "invoice-api", "calls_by_key": Counter({glued("sk_", "live_", s): 41})}


@plant(
    "Om5LwGKqzm5UPQLqrMKH4lMc",
    keeps=("plugin", "s3-mirror"),
    why="A user-defined dictionary holds the secret in its data.",
)
def user_dict(s: str) -> object:
    return {"plugin": "s3-mirror", "options": UserDict({"secret_access_key": s, "retries": 5})}


@plant(
    "TmOwk6g5o8RVzZa81HXVUeLv0XF1rzgXsh0G",
    keeps=("repo", "acme/storefront"),
    why="A user-defined list holds a token known by its prefix.",
)
def user_list(s: str) -> object:
    return {"repo": "acme/storefront", "candidates": UserList(["none", glued("gh", "s_", s)])}


class SessionState(TypedDict):
    cart: str
    auth_token: str


@plant(
    "97827d2acb6da9cad90742b204ab901d8c23b9daf9d04fdb",
    keeps=("cart_9914",),
    why="A typed dictionary is a dictionary with an auth token.",
)
def typed_dict_session(s: str) -> object:
    return SessionState(cart="cart_9914", auth_token=s)


class ApiToken(str):
    """A string that only says its purpose in its type."""


@plant(
    "PsfY0FgYYSroLluoeKpKfSVDYI5V0KZmdQ",
    keeps=("Fetcher", "page_size"),
    why="A subclass of str under the name token is a token.",
)
def str_subclass_token(s: str) -> object:
    return {"component": "Fetcher", "token": ApiToken(s), "page_size": 200}


class Dsn(str):
    """A connection string."""


@plant("KhNlLDb1vg8U82SQ2D", keeps=("mq-3.internal",), why="A subclass of str that is a URL with a password in it.")
def str_subclass_dsn(s: str) -> object:
    return Dsn(f"amqps://fulfilment:{s}@mq-3.internal:5671/prod")


class Gateway(Enum):
    LIVE = glued("sk_", "live_", "meqGXC6JK7hjO3xDUF0DWakt")
    TEST = "sandbox"


@plant(str(Gateway.LIVE.value)[8:], keeps=("gateway", "ord_5518"), why="The member's value is a live payment key.")
def enum_member(_: str) -> object:
    return {"gateway": Gateway.LIVE, "order": "ord_5518"}


class Channel(StrEnum):
    ALERTS = glued("https://hooks.", "slack.com/services/", "T0RD2GCGH/B0WL106OA/", "7yEZaVmQstFzHq0JVGPqrpHd")


@plant(Channel.ALERTS.value[-24:], keeps=("disk-full",), why="Whoever knows a Slack webhook address can post with it.")
def str_enum_webhook(_: str) -> object:
    return {"alert": "disk-full", "channel": Channel.ALERTS}


# Classes with and without declared fields


@dataclass
class MailSettings:
    host: str
    username: str
    password: str
    port: int = 465


@plant(
    "Eg1YGTxy5z4*_mY",
    keeps=("smtp.parcels.example", "notifier-eu"),
    why="A dataclass field named password is a password.",
)
def dataclass_mail(s: str) -> object:
    return MailSettings("smtp.parcels.example", "notifier-eu", s)


@dataclass(frozen=True, slots=True)
class SigningKey:
    kid: str
    private_key: str


@dataclass
class Issuer:
    url: str
    keys: list[SigningKey] = field(default_factory=list)


@plant(
    "qYFJxzcGdneTKoi7lmRA/NadgJESa1gv1Lh7/vatIbPt6cN3IuKcXunY3WA9yQOP",
    "vydNW3SANJPcM7uVNJDM+ZkesVULv9d4WX2uT3Hn/SR8PSw/qHzPNrQzXQBTGh+/",
    keeps=("https://id.clinic.example", "2024-05-rotation"),
    why="A private key inside a list of dataclasses signs everybody's tokens.",
)
def nested_dataclasses_with_pem(a: str, b: str) -> object:
    return Issuer("https://id.clinic.example", [SigningKey("2024-05-rotation", pem("RSA PRIVATE KEY", a, b))])


@dataclass
class FtpSource:
    host: str
    directory: str
    secret: str = field(repr=False, default="")


@plant(
    "rSl0O0cNgmjDaa",
    keeps=("ftp.supplier.example", "/outgoing/prices"),
    why="A field hidden from repr is still a field.",
)
def dataclass_field_hidden_from_repr(s: str) -> object:
    return FtpSource("ftp.supplier.example", "/outgoing/prices", s)


@dataclass
class JobContext:
    job: str
    attempt: int
    headers: dict[str, str]


@plant(
    "c3917c02a279f8d2e7a4379a481c3fc9ce8c7281",
    keeps=("reindex-catalogue", "X-Trace"),
    why="A dataclass's dictionary of headers carries an API key.",
)
def dataclass_with_headers(s: str) -> object:
    return JobContext("reindex-catalogue", 3, {"X-Api-Key": s, "X-Trace": "7f1d"})


class VaultClient:
    """A client that prints its token when it is shown."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __repr__(self) -> str:
        return f"VaultClient(token={self._token!r})"


@plant(
    "SO0b9NQqroTjwD1bDtYwNMez", keeps=("VaultClient",), why="An unknown class's repr shows the token it was made with."
)
def unknown_class_with_telling_repr(s: str) -> object:
    return VaultClient(glued("hv", "s.", s))


class LegacyConnection:
    """A connection whose text form is its connection string."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def __str__(self) -> str:
        return self.dsn


@plant(
    "wTIWArHGn44BwnuO",
    keeps=("LegacyConnection", "nightly-sync"),
    why="Turning the object to text would show its password.",
)
def unknown_class_in_locals(s: str) -> object:
    return {"job": "nightly-sync", "conn": LegacyConnection(f"Driver=ODBC;Uid=sync;Pwd={s}")}


class LazySettings:
    """Settings that answer to any attribute."""

    def __init__(self, values: dict[str, str]) -> None:
        self.__dict__["_values"] = values

    def __getattr__(self, name: str) -> str:
        return str(self.__dict__["_values"].get(name, ""))


@plant(
    "nvXvR8nE6rZ1TwQiBkdT6k",
    keeps=("LazySettings",),
    why="An object that answers to every attribute must not be opened.",
)
def object_answering_every_attribute(s: str) -> object:
    return LazySettings({"secret_key": s})


class BrokenRepr:
    """An object that fails while it is shown, with a telling message."""

    def __init__(self, key: str) -> None:
        self.key = key

    def __repr__(self) -> str:
        raise RuntimeError(f"cannot show api_key={self.key}")


@plant("WTVfb46iTfE4VNULofTCUJu2t", keeps=("BrokenRepr", "step"), why="The message of the failing repr holds the key.")
def object_with_failing_repr(s: str) -> object:
    return {"step": "collect", "client": BrokenRepr(s)}


class SlottedToken:
    """A value object without a dictionary."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __str__(self) -> str:
        return self.value


@plant(
    "OSnBWZIdtBnzQ2-ZKkKov00CRnJTMKPT0LKZKYY1B7fU",
    keeps=("SlottedToken",),
    why="A slotted object's text form is the token.",
)
def slotted_object(s: str) -> object:
    return [SlottedToken(s)]


@plant(
    "NbpgjUAFwr9ZbxIE9zXb",
    keeps=("settings", "prod-eu1"),
    why="A namespace of settings has a database password among them.",
)
def simple_namespace(s: str) -> object:
    return {"settings": types.SimpleNamespace(db_host="pg-main", db_password=s), "stage": "prod-eu1"}


@plant(
    "1v4XKckJoq3ebPn6Ab02qoEZVD",
    keeps=("command", "backup-run"),
    why="Parsed command-line options hold the --token given.",
)
def argparse_namespace(s: str) -> object:
    return {"command": "backup-run", "options": argparse.Namespace(bucket="nightly", token=s, verbose=1)}


@plant(
    "vn9dOq0VC24kG0ioX", keeps=("source", "/etc/till/till.ini"), why="A parsed INI file has a password in a section."
)
def config_parser(s: str) -> object:
    parser = configparser.ConfigParser()
    parser.read_dict({"database": {"host": "till-db", "password": s}})
    return {"source": "/etc/till/till.ini", "parser": parser}


@plant(
    "lLQzuS6BcZ3QpyCTtx6u3fvCqOJ5D",
    keeps=("section_name", "twilio"),
    why="One section of a parsed INI file holds an auth token.",
)
def config_parser_section(s: str) -> object:
    parser = configparser.ConfigParser()
    parser.read_dict({"twilio": {"auth_token": s, "region": "ie1"}})
    return {"section_name": "twilio", "section": parser["twilio"]}


def _charge(amount: int, *, api_key: str) -> int:
    return amount + len(api_key)


@plant("jXEBiYDOBm8IPCqMcVcnpOdH", keeps=("callback", "inv-3001"), why="A partial's bound keyword is a payment key.")
def functools_partial(s: str) -> object:
    return {"invoice": "inv-3001", "callback": functools.partial(_charge, api_key=glued("sk_", "live_", s))}


@plant(
    "GsqnST5xAdkscNiRJDFe", keeps=("producer", "batch-77"), why="A suspended generator keeps the password in its frame."
)
def generator_with_secret_local(s: str) -> object:
    def rows(password: str) -> Iterator[int]:
        yield len(password)

    return {"batch": "batch-77", "producer": rows(s)}


@plant(
    "8mLwz4PdW9DPjwPUwIb9CHJxZdlX7w2S",
    keeps=("thread", "uploader-2"),
    why="A thread keeps the arguments it is to be started with.",
)
def thread_with_arguments(s: str) -> object:
    return {"pool": "uploader-2", "thread": threading.Thread(target=print, kwargs={"access_token": s}, name="t-2")}


@plant(
    "veXW8HBIlq2yzETef2LQn",
    keeps=("shipment-640", "buffer"),
    why="A text buffer holds the configuration that was written to it.",
)
def string_io(s: str) -> object:
    return {"shipment": "shipment-640", "buffer": io.StringIO(f"password: {s}\n")}


@plant(
    "fnKYkNe7j8YPLgax8Lg7sLLhlwi5fCuueYCBFM6n",
    keeps=("inbox", "dead-letter"),
    why="A queued message carries a token in its body.",
)
def queue_with_message(s: str) -> object:
    inbox: queue.Queue[dict[str, str]] = queue.Queue()
    inbox.put({"event": "sync", "refresh_token": s})
    return {"inbox": inbox, "fallback": "dead-letter"}


@plant(
    "PCBU6xrYVgYnfhduR3PWLG14ziH2ovIKW", keeps=("tenant", "northwind"), why="A context variable's default is a token."
)
def context_variable(s: str) -> object:
    token = glued("xo", "xb-", s)
    return {"tenant": "northwind", "current": contextvars.ContextVar("auth_token", default=token)}


@plant("RaHl3lt1ujCfL8M67DI91W", keeps=("relay", "mx-2"), why="A log record keeps its unformatted arguments.")
def log_record(s: str) -> object:
    record = logging.LogRecord("mail", logging.ERROR, "send.py", 12, "login %s failed, password=%s", ("relay", s), None)
    return {"relay": "mx-2", "record": record}


@plant(
    "LC65fwC43JmKV74MwIWz",
    keeps=("pattern", "line_no"),
    why="A regular expression's match repeats the matched password.",
)
def regex_match(s: str) -> object:
    return {"pattern": "db line", "line_no": 44, "match": re.search(r"password=\S+", f"host=pg password={s}")}


@plant(
    "jpFCrwTPKQ1dYwsnincrHNY",
    keeps=("table", "api_clients"),
    why="A row fetched from a table of clients has their secret.",
)
def sqlite_row(s: str) -> object:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row = connection.execute("SELECT 'till-7' AS client_id, ? AS client_secret", (s,)).fetchone()
    connection.close()
    return {"table": "api_clients", "row": row}


@plant(
    "f3c5857c2e923a11a18814c72471d66a",
    keeps=("Request",),
    why="A urllib request keeps the API key header it will send.",
)
def urllib_request(s: str) -> object:
    return urllib.request.Request("https://geo.example/v1/route", headers={"X-Api-Key": s})


@plant(
    "mQhlFz8nILY41qS9xK",
    keeps=("git.corp.example", "/infra/charts.git"),
    why="A split URL keeps user and password in its netloc.",
)
def urlsplit_result(s: str) -> object:
    return urllib.parse.urlsplit(f"https://deploy:{s}@git.corp.example/infra/charts.git")


# Headers


@plant(
    "SdFrRLEWBzD-eNTa7Cj5U3fLHHSU9UTqCIPTt554eIwzg-VQ1lA9",
    keeps=("application/json", "req-61c0"),
    why="A bearer token in the Authorization header.",
)
def headers_dict(s: str) -> object:
    return {"Accept": "application/json", "Authorization": f"Bearer {s}", "X-Request-Id": "req-61c0"}


@plant(
    basic("svc-export", "johHCRewQIpP1nqo"),
    keeps=("Proxy-Authorization", "Keep-Alive"),
    why="Basic credentials are only encoded.",
)
def proxy_authorization_basic(s: str) -> object:
    return {"Proxy-Authorization": f"Basic {s}", "Proxy-Connection": "Keep-Alive"}


@plant(
    "ohmHQv0RFwKrxUXVu2UWlqkZrMNGuPLx5azV",
    keeps=("x-api-key", "gzip"),
    why="In a list of header pairs the first member names the second.",
)
def headers_as_pairs(s: str) -> object:
    return [("accept-encoding", "gzip"), ("x-api-key", s), ("content-type", "text/csv")]


@plant(
    "6zwSZ5ldO-rb7NVomo9PAtt6899QmSyPK6zPRJWM_vGC",
    keeps=("user-agent", "stock-bot/2.1"),
    why="Header pairs of bytes carry the session cookie.",
)
def headers_as_byte_pairs(s: str) -> object:
    return [(b"user-agent", b"stock-bot/2.1"), (b"cookie", f"sessionid={s}".encode())]


@plant(
    "aa7a2a0523c827483dd350379c9e481a",
    keeps=("Content-Type", "text/xml"),
    why="A raw header block has an API key line.",
)
def raw_header_bytes(s: str) -> object:
    return f"Content-Type: text/xml\r\nX-API-Key: {s}\r\nX-Retry: 1\r\n\r\n".encode()


@plant(
    "FH1dV9BqRsy-F8rsGTQ9KM0KF-8agM_fyb2Wuv3T",
    keeps=("request_id", "b7-2291"),
    why="A message object used for headers holds a bearer token.",
)
def email_message_headers(s: str) -> object:
    message = email.message.Message()
    message["Content-Type"] = "application/json"
    message["Authorization"] = f"Bearer {s}"
    return {"request_id": "b7-2291", "headers": message}


@plant(
    "5lmqKoiQVn_9LVbx8C-ugDYV1pOz1pvLE0r6Bj",
    keeps=("status", "302"),
    why="A response's Set-Cookie header hands out a session.",
)
def http_message_set_cookie(s: str) -> object:
    message = http.client.HTTPMessage()
    message["Location"] = "/dashboard"
    message["Set-Cookie"] = f"session={s}; HttpOnly; Path=/"
    return {"status": 302, "headers": message}


@plant(
    "4nDkZIue9UrkjxJpHKTZ",
    "79600d2042b0b561290283e35c3ef6c761731377",
    "VwlsokNoA2VeXUqFHzZ9MnElxS",
    keeps=("PRIVATE-TOKEN", "X-Vault-Namespace", "platform/ci"),
    why="Vendors use their own header names for their tokens.",
)
def vendor_headers(a: str, b: str, c: str) -> object:
    return {
        "PRIVATE-TOKEN": glued("gl", "pat-", a),
        "X-Auth-Token": b,
        "X-Vault-Token": c,
        "X-Vault-Namespace": "platform/ci",
    }


@plant(
    "ca9c1755060cbdac63b5e4cdea2c1675",
    keeps=("Ocp-Apim-Trace", "westeurope"),
    why="An Azure API Management subscription key is an API key.",
)
def azure_apim_headers(s: str) -> object:
    return {"Ocp-Apim-Subscription-Key": s, "Ocp-Apim-Trace": "true", "X-Region": "westeurope"}


@plant(
    "9YOSzKuIEql5ZWF0SEEhK9-Tgy1uP3",
    "237edabfdae390c3fb2d5d59531344fc",
    keeps=("Cookie", "Accept-Language", "sv-SE"),
    why="The Cookie header carries a session id and a CSRF token.",
)
def cookie_header(a: str, b: str) -> object:
    return {"Accept-Language": "sv-SE", "Cookie": f"theme=dark; sessionid={a}; csrftoken={b}"}


@plant(
    "0cf91b94eec4e45a8fcb058b596fe5e701efa0341171ce58dbffee7ed2427efb",
    keeps=("SignedHeaders", "host"),
    why="A signed request's signature can be replayed.",
)
def aws_sigv4_authorization(s: str) -> object:
    scope = "20240611/eu-north-1/s3/aws4_request"
    value = (
        f"AWS4-HMAC-SHA256 Credential={glued('AK', 'IAQ7ZLM3UJ2XHTWN5P')}/{scope}, SignedHeaders=host, Signature={s}"
    )
    return {"Authorization": value, "Host": "exports.s3.eu-north-1.amazonaws.com"}


@plant(
    "tP4ovHCDo_jDOBjOTrCabpPMuIQbH9pwosQx0e7OLkI",
    keeps=("Content-Length: 118", "X-Correlation: c-19"),
    why="Header lines kept as texts show a bearer token.",
)
def header_lines(s: str) -> object:
    return ["Content-Length: 118", f"authorization: bearer {s}", "X-Correlation: c-19"]


@plant(
    "bc0c7ea65a142a4d69d4fe4816622216fed5ed84e79f7a8124737e598cec0f0e",
    keeps=("ping", "X-GitHub-Event"),
    why="A webhook's signature proves the sender to the receiver.",
)
def github_webhook_headers(s: str) -> object:
    return {"X-GitHub-Event": "ping", "X-Hub-Signature-256": f"sha256={s}", "Content-Type": "application/json"}


@plant(
    "4d3c6b60cf563c0f4811a4697ffac81f5f9fc27289ec70804960f1c74e5bff42",
    keeps=("evt_1PQz", "invoice.paid"),
    why="A payment webhook's signature header is replayable.",
)
def stripe_webhook_event(s: str) -> object:
    return {
        "headers": {"Stripe-Signature": f"t=1718093000,v1={s}"},
        "body": {"id": "evt_1PQz", "type": "invoice.paid", "livemode": True},
    }


@plant(
    "GUOml8VZ71Ome2VXmjBnBe_TSFyDX0QvL0AHVexU",
    keeps=("theme", "dark"),
    why="A parsed cookie jar holds the session cookie's value.",
)
def simple_cookie(s: str) -> object:
    cookie = http.cookies.SimpleCookie()
    cookie.load(f"theme=dark; session_id={s}")
    return {"theme": "dark", "cookies": cookie}


@plant(
    "82f89d63ceedd2ed7a7fe5052efbf53ee14f8215", keeps=("path", "/checkout"), why="One morsel of a cookie is its value."
)
def cookie_morsel(s: str) -> object:
    morsel: http.cookies.Morsel[str] = http.cookies.Morsel()
    morsel.set("auth_session", s, s)
    return {"path": "/checkout", "morsel": morsel}


@plant(
    "5jDhEVjuYmrXcFSzc4iZmeC5VJyD2prC",
    keeps=("Set-Cookie", "Cache-Control", "no-store"),
    why="Several Set-Cookie values in a list each hand out something secret.",
)
def set_cookie_list(s: str) -> object:
    return {"Cache-Control": "no-store", "Set-Cookie": [f"refresh_token={s}; Path=/auth; Secure", "lang=it; Path=/"]}


# Requests as servers see them


@plant(
    "baBrBr_VCGnkZyjES3oOI0IsbHc0GtpJbgmn",
    "7ESPjCDrh6oeMyu8a2cKshHy",
    keeps=("/orders/88", "HTTP_HOST"),
    why="A WSGI environ repeats headers and query string.",
)
def wsgi_environ(a: str, b: str) -> object:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/orders/88",
        "QUERY_STRING": f"expand=lines&api_key={b}",
        "HTTP_HOST": "shop.example",
        "HTTP_AUTHORIZATION": f"Bearer {a}",
    }


@plant(
    "Bv_G7aiF14tLfELOMECrekiGGDZVUcgq4T19dEaN",
    "yJC-CO7-dS_sMzYz1SatCoz0JxMl978g",
    keeps=("/ws/prices", "websocket"),
    why="An ASGI scope has byte headers and a query string with a token.",
)
def asgi_scope(a: str, b: str) -> object:
    return {
        "type": "websocket",
        "path": "/ws/prices",
        "query_string": f"access_token={b}&feed=eu".encode(),
        "headers": [(b"host", b"rt.market.example"), (b"authorization", f"Bearer {a}".encode())],
    }


@plant(
    "JrX7iFPIyhE_qNHIUNiTjenM3EhsxAoUyK7dasfvJyC0",
    "O3oJ6BHhiNMRu1",
    keeps=("POST /session", "2.0"),
    why="A gateway event has the token in its headers and the password in its body text.",
)
def lambda_gateway_event(a: str, b: str) -> object:
    return {
        "version": "2.0",
        "routeKey": "POST /session",
        "headers": {"authorization": f"Bearer {a}", "content-type": "application/json"},
        "body": json.dumps({"login": "kasse-3", "password": b}),
        "isBase64Encoded": False,
    }


@plant(
    "ceN5B3pB2Ckx4cxLHFJIdMNNe1Mhl88PMubEQuvy",
    keeps=("GET", "https://crm.example/v3/deals"),
    why="An HTTP archive stores headers as name and value.",
)
def har_entry(s: str) -> object:
    return {
        "request": {
            "method": "GET",
            "url": "https://crm.example/v3/deals",
            "headers": [{"name": "Authorization", "value": f"Bearer {s}"}, {"name": "Accept", "value": "*/*"}],
        }
    }


@plant("24eWjj0ZMbUuyWk", keeps=("csrf_exempt", "kassa-12"), why="Submitted form fields hold a password.")
def parsed_form_data(s: str) -> object:
    return {"form": {"login": ["kassa-12"], "passwd": [s]}, "csrf_exempt": False}


@plant(
    "WFe4x2P1ElVioppF",
    keeps=("grant_type=password", "username=field-app"),
    why="A token request's body is a form with the password.",
)
def urlencoded_body(s: str) -> object:
    return f"grant_type=password&username=field-app&password={s}&scope=visits"


@plant(
    "wdjI81qCeASZvjWbpR2UzON9OdPto18PbK",
    keeps=("refresh_token", "grant_type"),
    why="A refresh request's body in bytes holds the refresh token.",
)
def urlencoded_bytes(s: str) -> object:
    return f"grant_type=refresh_token&client_id=mobile&refresh_token={s}".encode()


@plant(
    "olMwjoAot6CFpFVTEQi7883TQlHS7Po2",
    keeps=("form-data", "prices.csv"),
    why="A multipart part named api_key carries the key.",
)
def multipart_body(s: str) -> object:
    return (
        f'--b7f\r\nContent-Disposition: form-data; name="api_key"\r\n\r\n{s}\r\n'
        '--b7f\r\nContent-Disposition: form-data; name="file"; filename="prices.csv"\r\n\r\nsku,price\r\n--b7f--\r\n'
    ).encode()


@plant("UJ2Vet*6pLEp", keeps=("user.login", "2.0"), why="A JSON-RPC login sends the password among its params.")
def json_rpc_login(s: str) -> object:
    return {
        "jsonrpc": "2.0",
        "method": "user.login",
        "params": {"username": "monitoring", "password": s},
        "id": 17,
    }


@plant("KIz&IY638xl#i", keeps=("SignIn", "till-lyon"), why="GraphQL variables hold the password of a sign-in mutation.")
def graphql_variables(s: str) -> object:
    return {
        "operationName": "SignIn",
        "query": "mutation SignIn($input: SignInInput!) { signIn(input: $input) { userId } }",
        "variables": {"input": {"login": "till-lyon", "password": s}},
    }


@plant("c4Wv2umj7A8qIM", keeps=("mutation", "signIn", "userId"), why="A literal in the GraphQL text is the password.")
def graphql_inline_literal(s: str) -> object:
    return {"query": f'mutation {{ signIn(login: "till-9", password: "{s}") {{ userId }} }}'}


@plant(
    "Q24xX7PpKY3MookV",
    keeps=("UsernameToken", "GetTariffs"),
    why="A WS-Security header has the password as element text.",
)
def soap_envelope(s: str) -> object:
    return (
        "<soap:Envelope><soap:Header><wsse:Security><wsse:UsernameToken><wsse:Username>tariff-app</wsse:Username>"
        f"<wsse:Password>{s}</wsse:Password></wsse:UsernameToken></wsse:Security></soap:Header>"
        "<soap:Body><GetTariffs/></soap:Body></soap:Envelope>"
    )


# Command lines


@plant(
    "NxrpccN85PVMG79L8U",
    keeps=("pg_restore_wrapper", "--host", "pg-2.internal"),
    why="The argument after --password is the password.",
)
def argv_password_flag(s: str) -> object:
    return ["pg_restore_wrapper", "--host", "pg-2.internal", "--password", s, "--jobs", "4"]


@plant(
    "cdWVAILnLU0s3g3RgICLI2gQoKgU",
    keeps=("sonar-scanner", "-Dsonar.projectKey=shop"),
    why="A flag with an equals sign carries a token.",
)
def argv_flag_with_equals(s: str) -> object:
    return ["sonar-scanner", "-Dsonar.projectKey=shop", f"-Dsonar.token={s}"]


@plant("jkBHUnEgPnXzUEL8", keeps=("mysqldump", "inventory"), why="The mysql tools take the password glued to -p.")
def argv_mysql_password(s: str) -> object:
    return ["mysqldump", "-h", "mysql-1", "-u", "dumper", f"-p{s}", "inventory"]


@plant("051jvXCo6uuC63DJLXrK", keeps=("curl", "https://nexus.example/status"), why="curl's -u takes user and password.")
def argv_curl_user(s: str) -> object:
    return ("curl", "-sS", "-u", f"ci-bot:{s}", "https://nexus.example/status")


@plant(
    "PVMBy0X7gNETSnRHOTx",
    keeps=("docker", "postgres:16"),
    why="An environment setting on the command line holds a password.",
)
def argv_docker_environment(s: str) -> object:
    return ["docker", "run", "--rm", "-e", f"POSTGRES_PASSWORD={s}", "postgres:16"]


@plant("RXI4l5tyfaryMAytV", keeps=("sshpass", "backup@nas-1"), why="sshpass takes the password glued to -p.")
def argv_sshpass(s: str) -> object:
    return ["sshpass", f"-p{s}", "ssh", "backup@nas-1", "df", "-h"]


@plant(
    "T3fQwPjSFICK1apPzjKndbI7aa7pC7xTZvO5",
    keeps=("git", "clone", "github.com/acme/tariffs.git"),
    why="The clone address has a token as its password.",
)
def argv_git_clone(s: str) -> object:
    token = glued("gh", "s_", s)
    return ["git", "clone", "--depth=1", f"https://x-access-token:{token}@github.com/acme/tariffs.git"]


@plant(
    "kPDPjQbwwbKn0Rrhxz",
    keeps=("openssl", "-passin", "store.p12"),
    why="openssl's pass: source is followed by the password.",
)
def argv_openssl_passin(s: str) -> object:
    return ["openssl", "pkcs12", "-in", "store.p12", "-passin", f"pass:{s}", "-nodes"]


@plant(
    "8vn75TOD1ka51TKnOSUWFS",
    keeps=("helm", "replicaCount=3"),
    why="A chart value set on the command line is a password.",
)
def argv_helm_set(s: str) -> object:
    return ["helm", "upgrade", "ledger", "./chart", "--set", "replicaCount=3", "--set", f"postgresql.auth.password={s}"]


@plant(
    "CclsD335H0TLivK019xX", keeps=("psql", "-h pg-5", "ledger"), why="A shell command sets PGPASSWORD in front of psql."
)
def shell_command_with_pgpassword(s: str) -> object:
    return {"shell": True, "cmd": f"PGPASSWORD={s} psql -h pg-5 -U loader ledger -f load.sql"}


@plant(
    "bwVLY5Dg86DbFhqFjQQIlkQAWR--70RrPXKjVOkZ",
    keeps=("--max-time 20", "https://fleet.example/v1/cars"),
    why="A curl command has the header in quotes.",
)
def shell_curl_command(s: str) -> object:
    return f"curl --max-time 20 -H 'Authorization: Bearer {s}' https://fleet.example/v1/cars"


# Settings, environments and files


@plant(
    "Sr/BvvW944Sq2lR61RKdfQW8jlwJrCu7m0rUleR2",
    "qTsfZe1ow2ZgRTFTVBsA",
    "QePNb3vHaPQgOP2yaYUCCNE1FHX5AYVIiXJAYXsWV7gXgitm68",
    keeps=("AWS_DEFAULT_REGION", "eu-south-1", "LOG_LEVEL"),
    why="A process environment holds an AWS secret, a mail password and a Django key.",
)
def environment(a: str, b: str, c: str) -> object:
    return {
        "AWS_DEFAULT_REGION": "eu-south-1",
        "AWS_SECRET_ACCESS_KEY": a,
        "EMAIL_HOST_PASSWORD": b,
        "DJANGO_SECRET_KEY": c,
        "LOG_LEVEL": "WARNING",
    }


@plant(
    "b8wXRPsCooMD8okdjzIy",
    keeps=("DATABASE_URL", "pg-main.internal", "bookings"),
    why="A database address has a password in it.",
)
def database_url(s: str) -> object:
    return {"DATABASE_URL": f"postgresql+asyncpg://booking_rw:{s}@pg-main.internal:5432/bookings?ssl=require"}


@plant(
    "qepWYJoN8KgOtfqyt0o3ZrF9bqLkbe1Q",
    keeps=("cache-2.internal", "6380"),
    why="A Redis address has a password without a user.",
)
def redis_url(s: str) -> object:
    return ["broker", f"rediss://:{s}@cache-2.internal:6380/4"]


@plant(
    "8J0BRSGZNzDw5CLeJM",
    keeps=("cluster0.mongo.example", "retryWrites=true"),
    why="A MongoDB address has user and password.",
)
def mongodb_url(s: str) -> object:
    return f"mongodb+srv://catalog:{s}@cluster0.mongo.example/shop?retryWrites=true"


@plant(
    "7pMMrza6WuLP5P49c",
    keeps=("jdbc:postgresql://dwh.internal/mart", "ssl=true"),
    why="A JDBC address has a password parameter.",
)
def jdbc_url(s: str) -> object:
    return {"url": f"jdbc:postgresql://dwh.internal/mart?user=etl&password={s}&ssl=true"}


@plant(
    "d1x7XHFZWkxQghsF",
    keeps=("Server=sql-3.internal", "Database=Payroll"),
    why="An ADO.NET string has a Password part.",
)
def ado_net_string(s: str) -> object:
    return f"Server=sql-3.internal;Database=Payroll;User Id=payroll_app;Password={s};Encrypt=True"


@plant("GQodO0dTrQivgXh", keeps=("host=pg-9.internal", "dbname=audit"), why="A libpq string has a password part.")
def libpq_string(s: str) -> object:
    return f"host=pg-9.internal port=5432 dbname=audit user=auditor password={s} connect_timeout=5"


@plant(
    "nlXHJ5AGgYs3iuS4KGhygNqZAXzANaePHHhiovkihdjIcTe85yfPlrJPChHZNNE+S7xj01hVPsaKn4Ni6ObEup",
    keeps=("acmeinvoices", "core.windows.net"),
    why="A storage connection string has the account's key.",
)
def azure_storage_string(s: str) -> object:
    return f"DefaultEndpointsProtocol=https;AccountName=acmeinvoices;AccountKey={s}==;EndpointSuffix=core.windows.net"


@plant(
    "xGKiJwbun7Nl44OnLAoJL57BQlKHw85Qwe/7qsF8MJK",
    keeps=("sb://orders-eu.servicebus", "send-only"),
    why="A Service Bus string has a shared access key.",
)
def azure_service_bus_string(s: str) -> object:
    endpoint = "Endpoint=sb://orders-eu.servicebus.windows.net/"
    return {"connection": f"{endpoint};SharedAccessKeyName=send-only;SharedAccessKey={s}="}


@plant(
    "w0VBswaSLE5J0rCEpmCU0c66sEKKtZM7wZUvTuYsfAX",
    keeps=("reports.blob.core.windows.net", "se=2024-07-01"),
    why="The sig of a SAS address grants access.",
)
def azure_sas_url(s: str) -> object:
    return f"https://reports.blob.core.windows.net/q2/a.pdf?sv=2022-11-02&sp=r&se=2024-07-01&sig={s}%3D"


@plant(
    "aed7e425d2b6e7bb25111efe02b334cfc6ae473198fbf2f980481e12a743b6ac",
    keeps=("media.s3.amazonaws.com", "X-Amz-Expires=900"),
    why="A presigned address grants access by itself.",
)
def s3_presigned_url(s: str) -> object:
    query = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature={s}"
    return {"download": f"https://media.s3.amazonaws.com/clips/44.mp4?{query}"}


@plant(
    "DSnZLI7SGJnxdVaEht1hevYZV3Lew7B1pTw",
    keeps=("maps.googleapis.com", "address=Kiel"),
    why="A Maps key in the address is billed to its owner.",
)
def google_maps_url(s: str) -> object:
    return f"https://maps.googleapis.com/maps/api/geocode/json?address=Kiel&key={glued('AI', 'za', s)}"


@plant(
    "5qbdpdpqAEok-1T980NGN4wo06r-iMOw1jQ",
    keeps=("api.telegram.org", "sendMessage"),
    why="A Telegram bot's token is part of the path.",
)
def telegram_url(s: str) -> object:
    return f"https://api.telegram.org/bot{glued('7104', '558213', ':', s)}/sendMessage"


@plant(
    "XtuVFKEm7g0fNyaTvBKNfUdj92pO76Pn8FJ6yw9gi6LK322QfjIxzzS8crfA8ZQU7atQ",
    keeps=("discord.com", "deploys"),
    why="Whoever knows a Discord webhook address can post with it.",
)
def discord_webhook(s: str) -> object:
    return {"topic": "deploys", "target": glued("https://discord.com/api/", "webhooks/", "1754006388944658155", "/", s)}


@plant(
    "R2Zs6rIYJf8G2aAn8JnLECbPl72ur2yttpnAW_4g5oOIITfU",
    keeps=("accounts.shop.example", "uid=9X2"),
    why="A reset link's token sets a new password.",
)
def password_reset_link(s: str) -> object:
    return f"https://accounts.shop.example/reset?uid=9X2&token={s}"


@plant(
    "iNK42i0Ejrcub3Qbr-NpZjsH2x1sx4TkXi0BpHSI",
    keeps=("/oauth/callback", "state-ok"),
    why="An authorization code is exchanged for tokens.",
)
def oauth_callback(s: str) -> object:
    return {"redirect": f"https://app.example/oauth/callback?code={s}", "check": "state-ok"}


@plant("7gyRRIsohuwj2UVrkvI7UU", keeps=("production:", "pool: 20"), why="A YAML text has a password line.")
def yaml_text(s: str) -> object:
    return f"production:\n  adapter: mysql2\n  pool: 20\n  username: web\n  password: {s}\n  host: mysql-7\n"


@plant("aDvRQjhLHpLIHaimte6OPz3IKVIi9k", keeps=("retries", "tracking.example"), why="A JSON text has an apiKey member.")
def json_text(s: str) -> object:
    return json.dumps({"endpoint": "https://tracking.example", "apiKey": s, "retries": 4})


@plant("AclPG7oxqhwxmWpgwdGMhBrG", keeps=("sync.requested", "store-12"), why="A queue message wraps JSON in JSON.")
def json_inside_json(s: str) -> object:
    inner = json.dumps({"store": "store-12", "client_secret": s})
    return {"Type": "sync.requested", "Message": json.dumps({"detail": inner})}


@plant(
    "LcsD4E8MR7xmaPa5pCH3",
    "MOBHh5Ooc5aOAK7FnzwcZyxI7hIhsQlkfY6BGsPs",
    keeps=("APP_PORT=8080", "FEATURE_X=on"),
    why="An environment file has a password and a key.",
)
def dotenv_text(a: str, b: str) -> object:
    return f"APP_PORT=8080\nexport DB_PASS='{a}'\nJWT_SIGNING_SECRET={b}\nFEATURE_X=on\n"


@plant(
    "lVr1yeoUpgN21eWZVX",
    keeps=("[rabbit]", "vhost = /billing"),
    why="An INI text has a password line with spaces around the sign.",
)
def ini_text(s: str) -> object:
    return f"[rabbit]\nhost = mq-billing\nvhost = /billing\nuser = billing\npassword = {s}\n"


@plant("24ZJAmHMdm7CgXUsiS6i4yP790", keeps=("[uploads]", "photos-eu"), why="A TOML text has a quoted secret key.")
def toml_text(s: str) -> object:
    return f'[uploads]\nbucket = "photos-eu"\nsecret_key = "{s}"\nmax_mb = 25\n'


@plant(
    "pYCGSoHLIC7DjlSVFC",
    keeps=("<id>releases</id>", "<username>ci</username>"),
    why="A Maven settings file has a password element.",
)
def maven_settings(s: str) -> object:
    return f"<server><id>releases</id><username>ci</username><password>{s}</password></server>"


@plant(
    "NBqC9oeQ3UvT1TOlnu",
    keeps=("machine files.example", "login uploader"),
    why="A netrc line has the password after its keyword.",
)
def netrc_text(s: str) -> object:
    return f"machine files.example login uploader password {s}"


@plant(
    "flRTi2W9zYxn1iXTGKvTuQlX0vwZGJxs5HMn",
    keeps=("registry.npmjs.org",),
    why="An npm configuration line has a publish token.",
)
def npmrc_text(s: str) -> object:
    return f"//registry.npmjs.org/:_authToken={glued('np', 'm_', s)}\nsave-exact=true\n"


@plant(
    "mt17o5j8Mdcsh93OqSU7rQWE",
    keeps=("[global]", "pypi.corp.example/simple"),
    why="A pip index address has a user and a password.",
)
def pip_conf(s: str) -> object:
    return f"[global]\nindex-url = https://reader:{s}@pypi.corp.example/simple\n"


@plant(
    "Nkn2IpZqsMzJHLCM0",
    keeps=("protocol=https", "host=git.corp.example"),
    why="Git's credential protocol has a password line.",
)
def git_credential_output(s: str) -> object:
    return {"returncode": 0, "stdout": f"protocol=https\nhost=git.corp.example\nusername=ci\npassword={s}\n"}


@plant(
    "9y+dLJ/DdQy44DANQcLROYkNQ2Xp2+wVpLlseoG2oZO",
    keeps=("10.66.0.2/32", "vpn.corp.example:51820"),
    why="A WireGuard file has the private key of the peer.",
)
def wireguard_config(s: str) -> object:
    return (
        f"[Interface]\nPrivateKey = {s}=\nAddress = 10.66.0.2/32\n\n"
        "[Peer]\nEndpoint = vpn.corp.example:51820\nPersistentKeepalive = 25\n"
    )


@plant(
    "iag22mXGxbygYA0vZ9hwB2JXtYhMR5iqYiD0cRLfVlZp6GdBBQKEZkqWzF7oHRUme4slO7Q7iVIR7yUAyicHLp",
    keeps=("root",),
    why="A line of the shadow file has a crackable hash.",
)
def shadow_line(s: str) -> object:
    return f"root:$6$w8QeXkzB$./{s}:19734:0:99999:7:::"


@plant("GfeLcwuoFnluFXIoGg2V", keeps=("ScramLoginModule", "kafka-ingest"), why="A JAAS line has a password option.")
def kafka_jaas_config(s: str) -> object:
    module = "org.apache.kafka.common.security.scram.ScramLoginModule"
    return {
        "security.protocol": "SASL_SSL",
        "sasl.jaas.config": f'{module} required username="kafka-ingest" password="{s}";',
    }


@plant(
    "cbx0w5DXZI6iqzpHNRXSjMHx",
    keeps=("django.db.backends.postgresql", "reservations"),
    why="A Django database entry has a PASSWORD.",
)
def django_databases(s: str) -> object:
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "reservations",
            "USER": "reservations",
            "PASSWORD": s,
            "CONN_MAX_AGE": 60,
        }
    }


@plant(
    "xzD0Or2JkyPFGqEKV7JDrunbp7z7tBFi",
    keeps=("SESSION_COOKIE_NAME", "portal_sid"),
    why="The key that signs sessions is kept as bytes.",
)
def flask_config(s: str) -> object:
    return {"SECRET_KEY": s.encode(), "SESSION_COOKIE_NAME": "portal_sid", "TESTING": False}


@plant("l7YgJ8nMkzlQDY2bYv", keeps=("db-hosts", "ansible_user"), why="Ansible's become password is root's way in.")
def ansible_host_vars(s: str) -> object:
    return {"group": "db-hosts", "ansible_user": "provision", "ansible_become_pass": s, "ansible_port": 22}


@plant(
    "sKAAFXJmPbcA9TmYLvoQ", keeps=("snowflake", "ANALYTICS", "threads"), why="A dbt profile's target has a password."
)
def dbt_profile(s: str) -> object:
    target = {"type": "snowflake", "account": "xy77", "database": "ANALYTICS", "password": s, "threads": 8}
    return {"target": "prod", "outputs": {"prod": target}}


@plant(
    "hbHd5JY3L3F2Evkvf5Flka",
    keeps=("mqtt.plant.example", "line-4"),
    why="A broker login for machines has a password in an argument tuple.",
)
def mqtt_connect_call(s: str) -> object:
    return {"host": "mqtt.plant.example", "client_id": "line-4", "auth": {"username": "plc", "password": s}}


# Payloads of services


@plant(
    "iwvxVGX6LTribJ9Ox2L8mpz5lkwypGO3TQ-wKBAXanyIo4Yrhrped8NxZmx8",
    "8DKh12kVRHDVuTAyhqbR2L3escxCVOjqOr8k59zF7L7XS",
    "Rdd-z_QeBibdnDTyjs1HFgUALurfyeFcDuxJVmd-x5m",
    keeps=("3599", "token_type"),
    why="A token answer hands out access, refresh and identity tokens.",
)
def oauth_token_response(a: str, b: str, c: str) -> object:
    return {
        "access_token": glued("ya", "29.", a),
        "refresh_token": glued("1/", "/0", b),
        "id_token": jwt({"aud": "web", "sub": "1099"}, c),
        "token_type": "Bearer",
        "expires_in": 3599,
    }


@plant(
    b64("yRksoSTI76t8mrnely"),
    b64("ledger:HXMhst21IMpk"),
    keeps=("ledger-db", "Secret", "payments"),
    why="A Kubernetes Secret's data is only base64.",
)
def kubernetes_secret(a: str, b: str) -> object:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "ledger-db", "namespace": "payments"},
        "type": "Opaque",
        "data": {"password": a, "userpass": b},
    }


@plant(
    b64("spring.datasource.url=jdbc:postgresql://pg/app;pw=yGeTiwqh23hhbSFu"),
    keeps=("app-config", "checkout"),
    why="All data of a Kubernetes Secret is secret, whatever the file in it is called.",
)
def kubernetes_secret_with_file(s: str) -> object:
    return {
        "kind": "Secret",
        "metadata": {"name": "app-config", "namespace": "checkout"},
        "data": {"application.properties": s},
    }


@plant(
    "ZywqqenkJZ1Tn9jL2PeiL",
    keeps=("stringData", "smtp-creds"),
    why="stringData of a Kubernetes Secret is not even encoded.",
)
def kubernetes_string_data(s: str) -> object:
    return {"kind": "Secret", "metadata": {"name": "smtp-creds"}, "stringData": {"SMTP_PASSWORD": s}}


@plant(
    "A4d5g7bESdCq7pKft1rG",
    "WSLRl9FWLiIGiozCNBPq",
    keeps=("aws_db_instance", "1.7.5", "ledger-prod"),
    why="Terraform's state has passwords in resources and in sensitive outputs.",
)
def terraform_state(a: str, b: str) -> object:
    return {
        "version": 4,
        "terraform_version": "1.7.5",
        "outputs": {"grafana_admin_password": {"value": a, "type": "string", "sensitive": True}},
        "resources": [
            {
                "type": "aws_db_instance",
                "instances": [{"attributes": {"identifier": "ledger-prod", "username": "root", "password": b}}],
            }
        ],
    }


@plant(
    basic("ci", "GSog8sLdcJBc5mPBPCs3umMl"),
    keeps=("registry.acme.example", "Docker-Client/24.0.7"),
    why="Docker keeps logins as base64.",
)
def docker_config(s: str) -> object:
    return {"auths": {"registry.acme.example": {"auth": s}}, "HttpHeaders": {"User-Agent": "Docker-Client/24.0.7"}}


@plant(
    "+O9IZWtdexLvmIZnnt6dcwLn1jfVnGr7HdLkcXzm",
    "Cl04c5duQEquf4ihAQA7OU1Bt1+pqM/mXYX/cx+c5/srwobwugIVV80VyNxlWOs+NgdLV2omR1ndF6Sm4qEMgzvInKsLJMucHAR61WJ4gWL4V2JpZwCYLWuc",
    keeps=("assumed-role/ledger-export", "PackedPolicySize"),
    why="An assumed role's answer hands out a secret key and a session token.",
)
def aws_assume_role_response(a: str, b: str) -> object:
    return {
        "Credentials": {"SecretAccessKey": a, "SessionToken": b, "Expiration": "2024-06-11T12:00:00Z"},
        "AssumedRoleUser": {"Arn": "arn:aws:sts:::assumed-role/ledger-export/run-7"},
        "PackedPolicySize": 6,
    }


@plant(
    "ouDcVLmL2bbXLaNR7nfLlhoEJr",
    keeps=("ARN", "prod/crm/db", "AWSCURRENT"),
    why="A secret manager's answer has the secret as JSON text.",
)
def aws_get_secret_value(s: str) -> object:
    return {
        "ARN": "arn:aws:secretsmanager:eu-west-3::secret:prod/crm/db",
        "SecretString": json.dumps({"engine": "mysql", "username": "crm", "password": s}),
        "VersionStages": ["AWSCURRENT"],
    }


@plant(
    "SlVPLlXG0J1pYNFCd4gV7sUT6+ghkHnt9ho8B9++6WP4vJWtFNK9AnQ2sOb66XQl",
    "GGSw1TZ4Qe0RA9uXQOsqz/ZebQLEycHQSQNSrVjoarmM4Cec/AnbjmpDbd8UGg9t",
    keeps=("service_account", "tariff-prod-31"),
    why="A service account file has the account's private key.",
)
def gcp_service_account(a: str, b: str) -> object:
    return {
        "type": "service_account",
        "project_id": "tariff-prod-31",
        "private_key": pem("PRIVATE KEY", a, b),
        "token_uri": "https://oauth2.googleapis.com/token",
    }


@plant(
    "qVl3nbj08Cmj3eFujyUWRu6PL2mMfisrSVyxRr0eDpKMuvfm+YNkslMu6fhWY+ws",
    keeps=("FIREBASE_PROJECT", "chat-eu"),
    why="A private key squeezed in one line with escaped line ends.",
)
def pem_in_one_line(s: str) -> object:
    key = pem("PRIVATE KEY", s).replace("\n", "\\n")
    return {"FIREBASE_PROJECT": "chat-eu", "FIREBASE_PRIVATE_KEY": key}


@plant(
    "ooBBJRx6e+QRbbnYveCi4z85jdh9gJ4jpYWu8SndO1OZSZNl0ltdlop8k6/jXgsSn1ojyC",
    keeps=("bastion-1", "2222"),
    why="An OpenSSH private key in a nameless list is known by its armour.",
)
def openssh_key_in_list(s: str) -> object:
    return ["bastion-1", 2222, pem("OPENSSH PRIVATE KEY", s)]


@plant(
    "E592YiFbeMZQj2FQ9HyN7q29",
    keeps=("request_id", "6c1f-22", "lease_duration"),
    why="A login answer of Vault hands out a client token.",
)
def vault_login_response(s: str) -> object:
    return {
        "request_id": "6c1f-22",
        "lease_duration": 0,
        "auth": {"client_token": glued("hv", "s.", s), "token_policies": ["default"]},
    }


@plant(
    "Gxkyv1YLknZw7YM4wqdCMk",
    keeps=("created_time", "2024-03-02"),
    why="A key/value answer of Vault nests the secret twice in data.",
)
def vault_kv_response(s: str) -> object:
    return {"data": {"data": {"username": "erp", "password": s}, "metadata": {"created_time": "2024-03-02"}}}


@plant(
    "ANafTmrbqFRsTacpWHVB5ppy",
    "EQHzB3YeBwt80Mx2D85K4QhNqiIto5Nu",
    keeps=("T02ACME", "chat.postMessage"),
    why="A Slack call has a bot token and a signing secret.",
)
def slack_call(a: str, b: str) -> object:
    bot = glued("xo", "xb-", "663795017712", "-", "9678531010324", "-", a)
    return {"method": "chat.postMessage", "team": "T02ACME", "token": bot, "signing_secret": b}


@plant(
    "kP550xm4DNkWGIPlavdByheh",
    keeps=("pi_3PQx", "requires_action", "4200"),
    why="A payment intent's client secret completes the payment.",
)
def stripe_payment_intent(s: str) -> object:
    return {
        "id": "pi_3PQx",
        "amount": 4200,
        "client_secret": glued("pi_3PQx", "_secret_", s),
        "status": "requires_action",
    }


@plant(
    "9bd86bb02f2e5c3b72e2a46dcdd8f5fe",
    keeps=("message_status", "undelivered", "30007"),
    why="A messaging account's auth token signs every callback.",
)
def twilio_settings(s: str) -> object:
    return {
        "twilio": {"account_sid": glued("A", "C", "58a5cdcbcf8ed5bdddcdb51668d135e8"), "auth_token": s},
        "message_status": "undelivered",
        "error_code": 30007,
    }


@plant(
    "K3HY83CipclA6zBwvMn8gcumAtLfdRvuQvZDEGeOiidqC0Lj",
    keeps=("gpt-4o-mini", "proj-support"),
    why="A model provider's key is known by its prefix.",
)
def openai_client_options(s: str) -> object:
    return {"model": "gpt-4o-mini", "project": "proj-support", "options": [glued("sk", "-proj-", s), 30]}


@plant(
    "oMATa1X1BAu4NzOHzafp",
    keeps=("https://ci.example/hook", "push"),
    why="A repository hook's configuration has its shared secret.",
)
def github_hook_config(s: str) -> object:
    return {"events": ["push"], "config": {"url": "https://ci.example/hook", "secret": s, "insecure_ssl": "0"}}


@plant(
    "1uJRP7_Hi3IRvILYx695-s",
    "wI57D_b1ZF9qgOcWWnYfvPwEN4IeGcisoh1CxQrkDne",
    keeps=("smtp-bridge", "eu"),
    why="A SendGrid key is known by its shape in plain text.",
)
def sendgrid_key_in_text(a: str, b: str) -> object:
    return {"name": "smtp-bridge", "note": f"using {glued('SG', '.', a, '.', b)} until Friday", "residency": "eu"}


@plant(
    "b224e0050e451b635bc78c91e263380a",
    "KgOz0UBgf8I8cncs7JV326NlhFcqlNtWuy",
    "f42da64575019ee59fa8ce554fa84ae5b6e61c21eb746d079bcefa96863e37a6",
    keeps=("integrations", "shopify"),
    why="Vendors' tokens are known by their prefixes in a plain list.",
)
def prefixed_tokens_in_list(a: str, b: str, c: str) -> object:
    return {"integrations": ["shopify", glued("shp", "at_", a), glued("h", "f_", b), glued("dop", "_v1_", c)]}


@plant(
    "58de63b83eb51339c6850b0d7c70e6dd",
    keeps=("datadoghq.eu", "host:web-3"),
    why="Datadog's header DD-API-KEY carries a key.",
)
def datadog_submission(s: str) -> object:
    return {"site": "datadoghq.eu", "headers": {"DD-API-KEY": s}, "tags": ["host:web-3"]}


@plant(
    "7TOtADbUntpGR0z0hsBAzDLrvfcvxJ02Zahw0r5H3",
    "nsvou076sn6WbdWqYibctyhqYdgDGgd3djoqsDFg",
    keeps=("status_callback", "v1.1"),
    why="OAuth 1 calls sign with a consumer secret and a token secret.",
)
def oauth1_settings(a: str, b: str) -> object:
    return {"status_callback": "v1.1", "oauth_consumer_secret": a, "oauth_token_secret": b}


# Database statements and parameters


@plant(
    "TdW6jagjflmIjoK0ZhYS8AM4HJGBYfhtThIGAsr2",
    keeps=("UPDATE accounts", "password_hash"),
    why="The first parameter fills the password column.",
)
def dbapi_positional_parameters(s: str) -> object:
    return {
        "statement": "UPDATE accounts SET password_hash = %s WHERE account_id = %s",
        "parameters": (f"scrypt:32768:8:1${s}", 5521),
    }


@plant(
    "uUnm04VGOX7f6pxyeC96Ha2e0u2i8Pak",
    keeps=("INSERT INTO api_clients", "client_secret"),
    why="The second placeholder fills client_secret.",
)
def dbapi_execute_arguments(s: str) -> object:
    return ("INSERT INTO api_clients (client_id, client_secret) VALUES (?, ?)", ("till-114", s))


@plant(
    "fsDqSYsh2Ucc",
    "gY2Svb8L1BTH",
    keeps=("INSERT INTO logins", "store_id"),
    why="Every row of a bulk insert has a password.",
)
def dbapi_executemany(a: str, b: str) -> object:
    return {
        "sql": "INSERT INTO logins (store_id, password) VALUES (:store_id, :password)",
        "params": [{"store_id": 11, "password": a}, {"store_id": 12, "password": b}],
    }


@plant(
    "lv4N1uhHSPIOr3ME",
    keeps=("CREATE ROLE reporting", "CONNECTION LIMIT 5"),
    why="The statement has the role's password as a literal.",
)
def sql_create_role(s: str) -> object:
    return f"CREATE ROLE reporting LOGIN PASSWORD '{s}' CONNECTION LIMIT 5"


@plant("rE0jRniF7cRoPZCi", keeps=("CREATE USER", "GRANT SELECT"), why="MySQL names the password with IDENTIFIED BY.")
def sql_identified_by(s: str) -> object:
    return [f"CREATE USER 'bi'@'%' IDENTIFIED BY '{s}'", "GRANT SELECT ON mart.* TO 'bi'@'%'"]


@plant(
    "UxvDR1Dbirx3f8kgbi3vOq5l",
    keeps=("locals", "attempt", "GET /v1/rates"),
    why="A frame's locals hold a token beside plain values.",
)
def frame_locals(s: str) -> object:
    headers = {"Authorization": f"Token {s}"}
    return {"locals": {"attempt": 2, "route": "GET /v1/rates", "headers": headers, "body": None, "rates": []}}


@plant(
    "A2P5OuUHkQcfUrW1",
    keeps=("load_prices", "args_repr"),
    why="The text form of a dictionary among the locals shows its password.",
)
def repr_text_in_locals(s: str) -> object:
    return {"function": "load_prices", "line": 9, "args_repr": repr({"host": "ftp-1", "password": s})}


# Money and people


@plant(
    "5191017430085771",
    "836",
    keeps=("auth-7120", "EUR", "exp_year"),
    why="A card number and its check code must never be shown.",
)
def card_payment(a: str, b: str) -> object:
    return {
        "authorisation": "auth-7120",
        "currency": "EUR",
        "card": {"number": a, "cvc": b, "exp_month": 4, "exp_year": 2027},
    }


@plant("4916 9735 6197 3614", keeps=("ticket-9001", "refund"), why="A card number stands in a free text.")
def card_number_in_text(s: str) -> object:
    return {"ticket": "ticket-9001", "text": f"customer asks for a refund to card {s} today"}


@plant(
    "DE87200505505897705457",
    keeps=("payout-31", "creditor"),
    why="An account number identifies a person's bank account.",
)
def iban_in_payout(s: str) -> object:
    return {"id": "payout-31", "creditor": {"iban": s, "scheme": "SEPA"}}


@plant("078-05-1120", keeps=("applicant-17", "W-4"), why="A social security number identifies a person.")
def social_security_number(s: str) -> object:
    return {"applicant": "applicant-17", "form": "W-4", "ssn": s}


@plant(
    "hanne.brodersen",
    "171 5550182",
    keeps=("lead-552", "newsletter"),
    why="A person's e-mail address and phone number are personal data.",
)
def contact_details(a: str, b: str) -> object:
    return {"lead": "lead-552", "email": f"{a}@posteo.example", "phone": f"+49 {b}", "source": "newsletter"}


# Exceptions


@plant(
    "wS4i9UqNFObqK4VovM", keeps=("ValueError", "pg-8.internal"), why="The message repeats the address it could not use."
)
def value_error_with_url(s: str) -> object:
    return raised(ValueError(f"unsupported driver in mssql://loader:{s}@pg-8.internal/stage"))


@plant(
    "d8jeFWH3nS6dtRmCPExc",
    keeps=("RuntimeError", "handshake rejected"),
    why="The second argument is a dictionary with a password.",
)
def runtime_error_with_dict(s: str) -> object:
    return raised(RuntimeError("handshake rejected", {"user": "edge-2", "password": s}))


@plant("bfgduZaf4dwo3FssGmpfw8wV3j69jDAKMPIb", keeps=("KeyError",), why="The missing key is itself a token.")
def key_error_with_token(s: str) -> object:
    return raised(KeyError(glued("gh", "p_", s)))


@plant(
    "cZicfm2QyfdzJNvy55E4lquelfqa3Hm1",
    keeps=("TimeoutError", "rates not loaded"),
    why="A note on the error repeats the call's token.",
)
def error_with_note(s: str) -> object:
    error = TimeoutError("rates not loaded")
    error.add_note(f"called with access_token={s}")
    return raised(error)


@plant(
    "ZO2K0RFBCUNVsFuW0C8",
    keeps=("ConnectionError", "stock service down"),
    why="The cause's message has the broker's address.",
)
def error_with_cause(s: str) -> object:
    return raised(ConnectionError("stock service down"), OSError(f"amqp://stock:{s}@mq-6.internal refused"))


@plant(
    "78d00be1acc21448d6e47c11ffe47d0b",
    keeps=("LookupError", "route not found"),
    why="The error was raised while another with a key was handled.",
)
def error_with_context(s: str) -> object:
    try:
        try:
            raise ValueError(f"bad answer for https://geo.example/r?apikey={s}")
        except ValueError:
            raise LookupError("route not found")
    except LookupError as caught:
        return caught


@plant(
    "lqON9VUUADCUBnbuKRsB",
    "IQMd2ltScbGHNnUKMBpSzS9AlMfA7DydIqOd",
    keeps=("ExceptionGroup", "2 uploads failed"),
    why="Each member of the group has a secret.",
)
def exception_group(a: str, b: str) -> object:
    first = ValueError(f"login failed: password={a}")
    second = PermissionError(f"push denied for {glued('gh', 'p_', b)}")
    return ExceptionGroup("2 uploads failed", [first, second])


@plant(
    "P4Db58iuzOZuN1OuKw",
    keeps=("CalledProcessError", "pg_dump"),
    why="A failed process's error keeps its command and output.",
)
def called_process_error(s: str) -> object:
    command = ["pg_dump", f"--dbname=postgresql://dump:{s}@pg-1/ledger"]
    return raised(subprocess.CalledProcessError(1, command, output=b"", stderr=b"pg_dump: error"))


@plant("byBrqa1qbkc1z66K5", keeps=("TimeoutExpired", "rclone"), why="A timed-out process's error keeps its command.")
def process_timeout(s: str) -> object:
    return raised(subprocess.TimeoutExpired(["rclone", "sync", "--sftp-pass", s], 30.0))


@plant(
    "Yg9yUJzCfaOnPtCLGFnFb8vOo0QfaLYuSxDroh",
    keeps=("HTTPError", "Forbidden"),
    why="The error of urllib keeps the address with the token.",
)
def urllib_http_error(s: str) -> object:
    url = f"https://meters.example/read?token={s}"
    return raised(urllib.error.HTTPError(url, 403, "Forbidden", http.client.HTTPMessage(), None))


@plant(
    "mB3nI77Kye4HZLBt5nZaJiJ0",
    keeps=("UnicodeDecodeError", "utf-8"),
    why="The error keeps all the bytes it could not decode.",
)
def unicode_decode_error(s: str) -> object:
    payload = f"password={s}&name=Z".encode() + b"\xfc" + b"rich"
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as caught:
        return caught


@plant(
    "4kHvpcO872mw1d9F4IkzkWZzWxZWcC",
    keeps=("JSONDecodeError", "Expecting value"),
    why="The error keeps the whole document that did not parse.",
)
def json_decode_error(s: str) -> object:
    try:
        return json.loads(f'{{"api_key": "{s}", "zone": }}')
    except json.JSONDecodeError as caught:
        return caught


@plant(
    basic("mailer", "Vyha1D2HuOL1"),
    keeps=("SMTPAuthenticationError", "535"),
    why="The server's answer repeats the login line.",
)
def smtp_authentication_error(s: str) -> object:
    return raised(smtplib.SMTPAuthenticationError(535, f"5.7.8 rejected: AUTH PLAIN {s}".encode()))


class QuotaExceeded(Exception):
    """A refusal that keeps the key it was made with."""

    def __init__(self, message: str, api_key: str) -> None:
        super().__init__(message)
        self.api_key = api_key


@plant(
    "FmxNePpHsewSO0GoBAfQcYh4lbzeCXYu",
    keeps=("QuotaExceeded", "daily quota used up"),
    why="The error keeps the caller's key as an attribute.",
)
def custom_error_with_attribute(s: str) -> object:
    return raised(QuotaExceeded("daily quota used up", s))


class TokenExpired(Exception):
    """A refusal that shows its token when turned to text."""

    def __init__(self, token: str, subject: str) -> None:
        super().__init__(token, subject)

    def __str__(self) -> str:
        return f"token {self.args[0]} of {self.args[1]} expired"


@plant(
    "zLIswNZ71k1ApKL8keIgAnrDCMCfe2EnnSjK7-ZVmhu",
    keeps=("TokenExpired", "till-88"),
    why="The error's first argument is a signed token.",
)
def custom_error_with_token_argument(s: str) -> object:
    return raised(TokenExpired(jwt({"sub": "till-88", "exp": 1718000000}, s), "till-88"))


@plant(
    "frltgj7Zl20uHcewMQP",
    keeps=("ParsingError", "app.cfg"),
    why="The parser's error quotes the line it did not understand.",
)
def config_parsing_error(s: str) -> object:
    try:
        configparser.ConfigParser().read_string(f"[db]\nuser=app\n= password={s}\n", source="app.cfg")
    except configparser.ParsingError as caught:
        return caught
    raise AssertionError("the text parsed")


@plant(
    "EljvMnOMrDusouseChL2pZILsH",
    keeps=("TypeError", "unexpected keyword"),
    why="The error's message ends with the arguments that were given.",
)
def type_error_with_arguments(s: str) -> object:
    given = {"secret_key": s, "zone": "b"}
    return {"error": raised(TypeError(f"connect() got an unexpected keyword argument: {given!r}"))}


@plant("64lpC_J9#1i7", keeps=("AssertionError", "login page"), why="A failed assertion carries the form it looked at.")
def assertion_error_with_form(s: str) -> object:
    return raised(AssertionError("login page came back", {"login": "kiosk", "passwort": s}))


PLANTED: tuple[Planted, ...] = tuple(_cases)
