"""Objects of client libraries that carry secrets."""

from __future__ import annotations

import aio_pika
import aiohttp
import aiosmtplib
import anthropic
import asyncpg
import asyncssh
import attrs
import azure.core.credentials
import azure.core.exceptions
import boto3.session
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions
import celery
import celery.exceptions
import click
import cryptography.fernet
import django.core.exceptions
import django.db.utils
import django.http.request
import django.utils.datastructures
import django.utils.safestring
import elastic_transport
import elasticsearch
import google.api_core.exceptions
import google.auth.exceptions
import google.oauth2.credentials
import google.protobuf.struct_pb2
import grpc
import grpc.aio
import httpx
import httpx2
import jsonschema
import jwt as pyjwt
import kombu.connection
import marshmallow
import msgspec
import multidict
import mysql.connector.errors
import nacl.secret
import numpy
import openai
import pandas
import paramiko
import pika
import psycopg
import psycopg2.errors
import pydantic
import pydantic.dataclasses
import pymongo
import pymongo.errors
import pymysql.err
import redis
import requests
import requests.auth
import requests.cookies
import requests.structures
import sqlalchemy
import sqlalchemy.exc
import sqlparse
import stripe
import twilio.base.exceptions
import twilio.rest
import urllib3
import urllib3.exceptions
import urllib3.util
import websockets.datastructures
import websockets.exceptions
import yarl
from kafka.consumer.fetcher import ConsumerRecord
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.corpus.redaction.schema import Planted, basic, glued, jwt, planter, raised

_cases: list[Planted] = []
plant = planter(_cases)


# pydantic


class BrokerSettings(pydantic.BaseModel):
    host: str
    vhost: str
    password: str


class WorkerSettings(pydantic.BaseModel):
    queue: str
    concurrency: int
    broker: BrokerSettings


@plant(
    "buX2cb7PyBIeBPLfiK",
    keeps=("mq-11.internal", "invoices.high", "concurrency"),
    why="A nested model's password field is a password.",
)
def pydantic_nested_settings(s: str) -> object:
    broker = BrokerSettings(host="mq-11.internal", vhost="/", password=s)
    return WorkerSettings(queue="invoices.high", concurrency=8, broker=broker)


@plant("W6oH9bwgh%Y&Pu", keeps=("SecretStr",), why="A SecretStr hides its value from print and must stay hidden.")
def pydantic_secret_str(s: str) -> object:
    return pydantic.SecretStr(s)


class PortalLogin(pydantic.BaseModel):
    login: str
    answer: pydantic.SecretStr
    remember: bool = False


@plant("axhh_qJQG7hq#", keeps=("dispatch-2", "answer"), why="A neutral field is declared secret by its type.")
def pydantic_model_with_secret_str(s: str) -> object:
    return PortalLogin(login="dispatch-2", answer=pydantic.SecretStr(s))


@plant("gN7DbhmGOK2MAhlLpuJ4vckJ9DTmIz69", keeps=("hmac-v2", "algorithm"), why="SecretBytes holds a key as bytes.")
def pydantic_secret_bytes(s: str) -> object:
    return {"algorithm": "hmac-v2", "material": pydantic.SecretBytes(s.encode())}


class Signup(pydantic.BaseModel):
    login: str
    password: str = pydantic.Field(max_length=8)
    plan: str


@plant("bdYKF6nWqKW1k2Y", keeps=("ValidationError",), why="The error quotes the password that was too long.")
def pydantic_validation_error_echo(s: str) -> object:
    try:
        return Signup(login="shop-31", password=s, plan="team")
    except pydantic.ValidationError as caught:
        return caught


@plant(
    "JDMcwwSyV6jC0d2O",
    keeps=("string_too_long", "loc"),
    why="An entry of the error list repeats the input under its location.",
)
def pydantic_error_list(s: str) -> object:
    try:
        return Signup(login="shop-32", password=s, plan="team")
    except pydantic.ValidationError as caught:
        return caught.errors(include_url=False, include_context=False)


class OAuthApp(pydantic.BaseModel):
    client_secret: str
    redirect: str


@plant(
    "18Qvi0tvHtjZ", keeps=("ValidationError",), why="A missing field's error quotes the whole input with the secret."
)
def pydantic_missing_field_error(s: str) -> object:
    try:
        return OAuthApp.model_validate({"client_secret": s})
    except pydantic.ValidationError as caught:
        return {"error": caught}


class Connector(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow", populate_by_name=True)

    connector_id: str = pydantic.Field(alias="connectorId")


@plant(
    "fd2938f3182da2b4f111b4ac5ee9be060b42becc",
    keeps=("conn-sftp-4", "ftps"),
    why="Fields a model allows without declaring them are fields too.",
)
def pydantic_extra_fields(s: str) -> object:
    return Connector.model_validate({"connectorId": "conn-sftp-4", "apiSecret": s, "transport": "ftps"})


@pydantic.dataclasses.dataclass
class BucketAccess:
    bucket: str
    secret_access_key: str
    endpoint: str = "https://s3.minio.internal"


@plant(
    "6i7QObleoJXGJ9r4liMqOfbJnkJFqUfLBjCqqKe4",
    keeps=("raw-scans", "https://s3.minio.internal"),
    why="A validated dataclass has a secret access key.",
)
def pydantic_dataclass(s: str) -> object:
    return BucketAccess(bucket="raw-scans", secret_access_key=s)


class StorageConfig(pydantic.BaseModel):
    name: str
    dsn: pydantic.PostgresDsn


@plant("Fa3DUEjCtu8oj5tV1BS", keeps=("warehouse-main",), why="A typed address still has a password in it.")
def pydantic_postgres_dsn(s: str) -> object:
    return StorageConfig.model_validate({"name": "warehouse-main", "dsn": f"postgresql://dwh:{s}@dwh-1.internal/mart"})


class ApiSession(pydantic.BaseModel):
    account: str
    scopes: list[str]
    _token: str = pydantic.PrivateAttr(default="")


@plant(
    "BlaR-AS_a4AAbK87dSHrfmEAu0jWOdFrBkIxxFRu",
    keeps=("acct-90", "orders:read"),
    why="A private attribute of the model holds the token.",
)
def pydantic_private_attribute(s: str) -> object:
    session = ApiSession(account="acct-90", scopes=["orders:read"])
    session._token = s
    return session


# attrs, msgspec, marshmallow, jsonschema


@attrs.define
class SftpTarget:
    host: str
    user: str
    password: str
    port: int = 22


@plant("DfypR&exlL%5Ss", keeps=("sftp.bank.example", "payouts"), why="An attrs field named password is a password.")
def attrs_password(s: str) -> object:
    return SftpTarget("sftp.bank.example", "payouts", s)


@attrs.frozen
class Tenant:
    slug: str
    api_key: str = attrs.field(repr=False)


@attrs.frozen
class TenantRegistry:
    region: str
    tenants: tuple[Tenant, ...]


@plant(
    "WpNhUqM69hONXKJkaEBGMeb3mhBiAc9u",
    "B9rJsKsWGAmll4n8OQT3VwNG0ySlyaDS",
    keeps=("eu-west-4", "northwind", "contoso"),
    why="Each nested tenant has a key that is only hidden from repr.",
)
def attrs_nested_tenants(a: str, b: str) -> object:
    return TenantRegistry("eu-west-4", (Tenant("northwind", a), Tenant("contoso", b)))


@attrs.define
class Uploader:
    bucket: str
    _session_token: str


@plant(
    "RqYpsXu/bptglWUKnm193jKvh7Rz2oumRlCv5FyybexkrGvp65mtnCKgDWc+VUqIzS8auEIU4G3jpfrA",
    keeps=("thumbs-eu",),
    why="A private attrs field is a session token.",
)
def attrs_private_field(s: str) -> object:
    return [Uploader(bucket="thumbs-eu", session_token=s)]


class WebhookTarget(msgspec.Struct):
    url: str
    signing_secret: str


@plant("IjYwPTzBnLwjHK8iTNhxRlfPWmWstRf3", keeps=("WebhookTarget",), why="A struct's repr shows its signing secret.")
def msgspec_struct(s: str) -> object:
    return WebhookTarget("https://hooks.partner.example/in", glued("wh", "sec_", s))


class LoginCommand(msgspec.Struct, tag="login", kw_only=True):
    device: str
    pin_code: str


@plant("80422865", keeps=("deliver", "device-gate-3"), why="A struct among arguments holds a device's PIN.")
def msgspec_struct_in_arguments(s: str) -> object:
    command = LoginCommand(device="gate-3", pin_code=s)
    return {"operation": "deliver", "kwargs": {"command": command, "topic": "device-gate-3"}}


@plant(
    "AfOyJH7LU0Ai8VamGgnGuJe24xUAnk",
    keeps=("frame_no", "4012"),
    why="An undecoded piece of JSON holds a refresh token.",
)
def msgspec_raw(s: str) -> object:
    return {"frame_no": 4012, "rest": msgspec.Raw(f'{{"refresh_token":"{s}"}}'.encode())}


@plant("AKsTHnpiVM5XJGQMI", keeps=("ValidationError",), why="The error keeps the data it refused, password included.")
def marshmallow_validation_error(s: str) -> object:
    data = {"login": "rider-5", "password": s}
    return raised(marshmallow.ValidationError({"login": ["Not a valid slug."]}, data=data, valid_data=data))


@plant(
    "SuhphSHeQzZf3Q8vDEYbLDKeOnJu",
    keeps=("ValidationError", "grant_type"),
    why="The error keeps the instance that lacked a property.",
)
def jsonschema_validation_error(s: str) -> object:
    try:
        return jsonschema.validate({"client_secret": s}, {"type": "object", "required": ["grant_type"]})
    except jsonschema.ValidationError as caught:
        return caught


@plant(
    "Kaozgx3f6nMcaqZNy2RzDTnICg",
    keeps=("ValidationError",),
    why="The message begins with the refused object and its secret.",
)
def jsonschema_message_with_instance(s: str) -> object:
    try:
        return jsonschema.validate({"client_secret": s, "ttl": 5}, {"not": {"required": ["ttl"]}})
    except jsonschema.ValidationError as caught:
        return caught


# SQLAlchemy


class Base(DeclarativeBase):
    """The tables of the examples."""


class ApiClient(Base):
    __tablename__ = "api_clients"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    client_secret: Mapped[str]

    def __repr__(self) -> str:
        return f"ApiClient({self.name!r}, {self.client_secret!r})"


def _memory_engine() -> sqlalchemy.Engine:
    engine = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return engine


@plant(
    "eC94atgldJroTPAgOp",
    keeps=("pool_size", "pricing"),
    why="The URL object is a tuple with the password in plain text.",
)
def sqlalchemy_url(s: str) -> object:
    url = sqlalchemy.URL.create("postgresql", "pricing_rw", s, "pg-price.internal", 5432, "pricing")
    return {"schema": "pricing", "pool_size": 10, "url": url}


@plant("WKUerGQHBCBMnP7qSj2w", keeps=("Engine",), why="An engine keeps the address it connects to.")
def sqlalchemy_engine(s: str) -> object:
    return sqlalchemy.create_engine(f"postgresql+psycopg2://seats:{s}@pg-seat.internal/seats")


@plant("BJiiHdfzAlElJDYaMiI3zsAGSY5EXONQ6z", keeps=("ApiClient",), why="A mapped instance has its row's client secret.")
def sqlalchemy_instance(s: str) -> object:
    return ApiClient(id=7, name="till-7", client_secret=s)


@plant(
    "M4XR1KidUFmmudzVIzz8ozeCfICDD7Zrz",
    keeps=("query_name", "client_by_name"),
    why="A fetched row holds the column client_secret.",
)
def sqlalchemy_row(s: str) -> object:
    engine = _memory_engine()
    with engine.connect() as connection:
        row = connection.execute(sqlalchemy.text("SELECT 7 AS id, :v AS client_secret"), {"v": s}).one()
    engine.dispose()
    return {"query_name": "client_by_name", "row": row}


@plant(
    "yYPr243sgmZSa7aSuyl0ifg1gu3pD",
    keeps=("page_no", "14"),
    why="Row mappings in a list hold the column client_secret.",
)
def sqlalchemy_row_mappings(s: str) -> object:
    engine = _memory_engine()
    with engine.connect() as connection:
        statement = sqlalchemy.text("SELECT 'a' AS name, :v AS client_secret")
        rows = connection.execute(statement, {"v": s}).mappings().all()
    engine.dispose()
    return {"page_no": 14, "rows": list(rows)}


@plant(
    "xhqaFuTzltdhI1zZFJLMMOacHQroSHufGh6",
    keeps=("IntegrityError", "api_clients.name"),
    why="The error's text ends with the statement's parameters.",
)
def sqlalchemy_integrity_error(s: str) -> object:
    engine = _memory_engine()
    try:
        with Session(engine) as session:
            session.add(ApiClient(name="kiosk", client_secret="unset"))
            session.flush()
            session.add(ApiClient(name="kiosk", client_secret=s))
            session.commit()
    except sqlalchemy.exc.IntegrityError as caught:
        return caught
    finally:
        engine.dispose()
    raise AssertionError("the rows were accepted")


@plant(
    "lYpnijDj1vKHtw9jEhIBADyjak55MRW",
    keeps=("StatementError", "bind parameter"),
    why="A missing parameter's error lists the ones that were given.",
)
def sqlalchemy_statement_error(s: str) -> object:
    engine = _memory_engine()
    statement = sqlalchemy.text("INSERT INTO api_clients (name, client_secret) VALUES (:name, :client_secret)")
    try:
        with engine.connect() as connection:
            connection.execute(statement, {"client_secret": s})
    except sqlalchemy.exc.StatementError as caught:
        return caught
    finally:
        engine.dispose()
    raise AssertionError("the statement was accepted")


@plant(
    "yHQjhrmIPyG9SiN6",
    keeps=("OperationalError", "too many connections"),
    why="Positional parameters of the failed statement fill a password column.",
)
def sqlalchemy_operational_error(s: str) -> object:
    statement = "UPDATE logins SET password = %s WHERE id = %s"
    return raised(sqlalchemy.exc.OperationalError(statement, (s, 12), Exception("too many connections")))


@plant("QysIDvkNYwPcdY4dBQt7PnZg", keeps=("Insert",), why="A statement keeps the values it will insert.")
def sqlalchemy_insert_statement(s: str) -> object:
    return sqlalchemy.insert(ApiClient).values(name="edge", client_secret=s)


@plant("PUqUsMDlQQYcg05", keeps=("Statement",), why="A parsed statement has the password as one of its tokens.")
def sqlparse_statement(s: str) -> object:
    return sqlparse.parse(f"ALTER USER loader IDENTIFIED BY '{s}'")[0]


# Database drivers


@plant(
    "JnJyRHfk3Lx1oQBMevXb0PFSNzo",
    keeps=("UniqueViolation", "api_clients_api_key_key"),
    why="The detail repeats the key that exists already.",
)
def psycopg2_unique_violation(s: str) -> object:
    return raised(
        psycopg2.errors.UniqueViolation(
            'duplicate key value violates unique constraint "api_clients_api_key_key"\n'
            f"DETAIL:  Key (api_key)=({s}) already exists.\n"
        )
    )


@plant(
    "q2fdDhQGmIuBGkGsx",
    keeps=("ProgrammingError", "connection info string"),
    why="A misspelt scheme makes the driver quote the address.",
)
def psycopg_conninfo_error(s: str) -> object:
    try:
        return psycopg.conninfo.conninfo_to_dict(f"postgrsql://fleet:{s}@pg-fleet.internal/fleet")
    except psycopg.ProgrammingError as caught:
        return caught


@plant(
    "xOGvSfJc2bKAmHZZ3Dk8NoRDJFkOdKWMFILr",
    keeps=("UniqueViolationError", "duplicate key value"),
    why="The server's detail repeats the token.",
)
def asyncpg_unique_violation(s: str) -> object:
    fields = {
        "S": "ERROR",
        "C": "23505",
        "M": "duplicate key value violates unique constraint",
        "D": f"Key (access_token)=({s}) already exists.",
    }
    return asyncpg.PostgresError.new(fields)


@plant("4fd14yikJKEUV7ZgrcZ7", keeps=("IntegrityError", "1062"), why="MySQL quotes the token that is stored twice.")
def pymysql_duplicate_entry(s: str) -> object:
    message = f"Duplicate entry '{glued('gl', 'pat-', s)}' for key 'integrations.access_token'"
    return raised(pymysql.err.IntegrityError(1062, message))


@plant(
    "Kw4vj6w2qVPohpo8",
    keeps=("ProgrammingError", "1064"),
    why="MySQL quotes the statement from the place it failed to parse.",
)
def mysql_syntax_error(s: str) -> object:
    near = f"You have an error in your SQL syntax near 'WHER SET PASSWORD = '{s}'' at line 1"
    return raised(mysql.connector.errors.ProgrammingError(msg=near, errno=1064, sqlstate="42000"))


@plant("nPcATuEAwR65DfnKmr", keeps=("MongoClient",), why="A client keeps the credentials of its address.")
def pymongo_client(s: str) -> object:
    return pymongo.MongoClient(f"mongodb://catalogue:{s}@mongo-1.internal:27017/shop", connect=False)


@plant(
    "FNnZKV1--VCT2gze6UukcXLes1VNCi6Bp0qADP146Wy",
    keeps=("DuplicateKeyError", "E11000"),
    why="The server repeats the duplicate session token.",
)
def pymongo_duplicate_key(s: str) -> object:
    token = jwt({"sub": "guest"}, s)
    message = f'E11000 duplicate key error collection: shop.sessions index: token_1 dup key: {{ token: "{token}" }}'
    return raised(pymongo.errors.DuplicateKeyError(message, 11000, {"keyValue": {"token": token}}))


@plant(
    "9kF98i5USjtkaGss",
    keeps=("BulkWriteError", "writeErrors"),
    why="A failed bulk write repeats the document with its password.",
)
def pymongo_bulk_write_error(s: str) -> object:
    failed = {"index": 0, "code": 121, "errmsg": "Document failed validation", "op": {"_id": 5, "password": s}}
    return raised(pymongo.errors.BulkWriteError({"nInserted": 0, "writeErrors": [failed]}))


@plant("hjC2oohReIYgUCZA4sapu", keeps=("Redis",), why="A Redis client keeps its password.")
def redis_client(s: str) -> object:
    return redis.Redis(host="cache-9.internal", username="carts", password=s)


@plant(
    "Pdr9COhD9qoS79TNRBuOzX",
    keeps=("ConnectionPool",),
    why="A connection pool shows its connection arguments when printed.",
)
def redis_connection_pool(s: str) -> object:
    return redis.ConnectionPool.from_url(f"redis://limiter:{s}@cache-4.internal:6379/2")


@plant(
    "7jW15k2onKzbHFqBFA",
    keeps=("ResponseError", "unknown command"),
    why="The server quotes the arguments of a command it does not know.",
)
def redis_unknown_command(s: str) -> object:
    arguments = f"""'user:7' '$' '{{"password": "{s}"}}'"""
    return raised(redis.ResponseError(f"unknown command 'JSON.SET', with args beginning with: {arguments}"))


@plant(
    "S2rC36MQegDzo7oSnBj07mRonQZlgrRgkxP3",
    keeps=("ResponseError", "of pipeline caused error"),
    why="A pipeline's error quotes the command it failed on.",
)
def redis_pipeline_error(s: str) -> object:
    command = f"SETEX session:88 900 {glued('gh', 'u_', s)}"
    return raised(redis.ResponseError(f"Command # 2 ({command}) of pipeline caused error: OOM command not allowed"))


# HTTP clients


@plant(
    "CHwwC_OIkyApKLHDTKV8oUX7rYhEs7bft8ZJks7l",
    keeps=("PreparedRequest",),
    why="A prepared request has its Authorization header and body.",
)
def requests_prepared_request(s: str) -> object:
    request = requests.Request("POST", "https://pay.example/v1/refunds", headers={"Authorization": f"Bearer {s}"})
    return request.prepare()


@plant(
    "ujgf0OJNC3ZpFBf2FmioPUENw7HYAuPsrP0IzL",
    keeps=("Response",),
    why="A response keeps the request and a body with a fresh token.",
)
def requests_response(s: str) -> object:
    response = requests.Response()
    response.status_code = 200
    response.url = "https://login.example/oauth/token"
    response._content = f'{{"access_token": "{s}"}}'.encode()
    return response


@plant(
    "e0958b48c7281f02e5badb6dde3c1ce0",
    keeps=("401 Client Error", "rates.example"),
    why="The error's message ends with the address and its key.",
)
def requests_http_error(s: str) -> object:
    request = requests.Request("GET", "https://rates.example/latest", params={"app_id": "desk", "api_key": s})
    response = requests.Response()
    response.status_code, response.reason, response.request = 401, "Unauthorized", request.prepare()
    response.url = str(response.request.url)
    try:
        response.raise_for_status()
    except requests.HTTPError as caught:
        return caught
    raise AssertionError("the answer was accepted")


@plant(
    "WJyhRw7iN6PUBJK9Pm1DIhNx11US04",
    keeps=("ConnectionError", "Max retries exceeded"),
    why="The exhausted retries' message has path and query.",
)
def requests_connection_error(s: str) -> object:
    pool = urllib3.HTTPSConnectionPool("sms.example", 443)
    path = f"/v2/send?to=ops&access_token={s}"
    cause = urllib3.exceptions.MaxRetryError(pool, path, OSError(111, "Connection refused"))
    return raised(requests.ConnectionError(cause))


@plant(
    "SGUi4cukvnggFrukc1L4YZNRp",
    keeps=("MissingSchema", "No scheme supplied"),
    why="The error quotes the address that lacks a scheme.",
)
def requests_missing_schema(s: str) -> object:
    try:
        return requests.Request("GET", f"feeds.example/xml?token={s}").prepare()
    except requests.exceptions.MissingSchema as caught:
        return caught


@plant(
    "fFiqG0Imp6G7neqRaCVU",
    keeps=("ProxyError", "proxy-2.corp.example"),
    why="The error's message has the proxy's address and password.",
)
def requests_proxy_error(s: str) -> object:
    return raised(requests.exceptions.ProxyError(f"Cannot connect to http://egress:{s}@proxy-2.corp.example:3128"))


@plant(
    "KhmR2qg6oPZmukaOFw4m7jTSUJJmvGu8",
    keeps=("call", "list-invoices"),
    why="Case-insensitive headers have an X-Api-Token.",
)
def requests_headers(s: str) -> object:
    headers = requests.structures.CaseInsensitiveDict({"X-Api-Token": s, "Accept": "text/csv"})
    return {"call": "list-invoices", "headers": headers}


@plant(
    "GVFYJmh1ojA03OeVOZRSdzGyENvMgl_92pmB",
    keeps=("visit", "portal.example"),
    why="A cookie jar has the session cookie of a portal.",
)
def requests_cookie_jar(s: str) -> object:
    jar = requests.cookies.RequestsCookieJar()
    jar.set("PHPSESSID", s, domain="portal.example")
    return {"visit": "portal.example", "cookies": jar}


@plant("rLavNNJ464yxzXqd3M", keeps=("HTTPBasicAuth",), why="A basic-auth object keeps user and password.")
def requests_basic_auth(s: str) -> object:
    return requests.auth.HTTPBasicAuth("meter-feed", s)


@plant("RGBzufMPlac10DGUKuj", keeps=("Session",), why="A session keeps its auth and its proxies.")
def requests_session(s: str) -> object:
    session = requests.Session()
    session.auth = ("warehouse", s)
    return session


@plant(
    "U86S5uaBx7kfS3yUI",
    keeps=("mirror", "files.vendor.example"),
    why="A parsed address keeps user and password in its auth.",
)
def urllib3_url(s: str) -> object:
    return {"mirror": "files.vendor.example", "url": urllib3.util.parse_url(f"https://sync:{s}@files.vendor.example/d")}


@plant(
    "ff0eee1f4a1e85d2069d850822dfb39f",
    keeps=("hop", "edge-cdg"),
    why="A header dictionary with a secret behind a vendor's header.",
)
def urllib3_header_dict(s: str) -> object:
    return {"hop": "edge-cdg", "headers": urllib3.HTTPHeaderDict({"X-Auth-Key": s, "Server": "nginx"})}


@plant(
    "P6SyDXzjumkda9nZk3EAyxb_s9XTHaabppvVI-WBR",
    keeps=("LocationParseError",),
    why="The error quotes the whole address it could not parse.",
)
def urllib3_location_parse_error(s: str) -> object:
    return raised(urllib3.exceptions.LocationParseError(f"https://api.example:44x/v1?access_token={s}"))


@plant(
    "aa0b74a3b68a6f22bd169cac0ee3eadb6c69dd3d",
    keeps=("Request",),
    why="A request object keeps its headers and content.",
)
def httpx_request(s: str) -> object:
    return httpx.Request("PUT", "https://stock.example/items/5", headers={"X-Api-Key": s}, json={"qty": 3})


@plant(
    "PlLIH4bwMjc1oYvCjywYmqefeS2749G485mxPUI",
    keeps=("step", "confirm-slot"),
    why="Headers of a client carry a bearer token.",
)
def httpx_headers(s: str) -> object:
    return {"step": "confirm-slot", "headers": httpx.Headers({"Authorization": f"Bearer {s}", "Accept": "*/*"})}


@plant(
    "hPseov9G2H8C8zyCeBOn0m6K4wcW",
    keeps=("HTTPStatusError", "403 Forbidden", "tiles.example"),
    why="The message has the address with its token.",
)
def httpx_status_error(s: str) -> object:
    request = httpx.Request("GET", f"https://tiles.example/8/4/3.png?access_token={s}")
    try:
        return httpx.Response(403, request=request).raise_for_status()
    except httpx.HTTPStatusError as caught:
        return caught


@plant(
    "IpzVLfgtZH5FZXWZIeec77dv7LmmfUzW3",
    keeps=("ConnectTimeout", "handshake timed out"),
    why="A client error keeps the request that failed.",
)
def httpx_connect_timeout(s: str) -> object:
    request = httpx.Request("GET", "https://crm.example/me", headers={"X-Auth-Token": s})
    return raised(httpx.ConnectTimeout("handshake timed out", request=request))


@plant("2NN8pw3KHreWn4Zj7RCk", keeps=("Client",), why="A client keeps its default headers.")
def httpx_client(s: str) -> object:
    return httpx.Client(headers={"Authorization": f"Bearer {s}"}, verify=False)


@plant("CAuFurJ7mt38ZjfhSsaP2aru", keeps=("URL",), why="An address object keeps the password in its user-info.")
def httpx_url(s: str) -> object:
    return httpx.URL(f"https://bot:{s}@matrix.example/_matrix/client/v3/sync")


@plant("SNMgeKEq5Raf2QI1H9ySzAqI6b", keeps=("report", "q3-usage"), why="Query parameters of a call have an api_key.")
def httpx_query_params(s: str) -> object:
    return {"report": "q3-usage", "params": httpx.QueryParams({"api_key": s, "from": "2024-07-01"})}


@plant(
    "pA-104WdoXr2shesnB4sY2bvSwYKxCuqs3oRblEwcm",
    keeps=("ClientResponseError",),
    why="The error keeps the request's headers and address.",
)
def aiohttp_response_error(s: str) -> object:
    url = yarl.URL("https://geo.example/v2/reverse")
    headers = multidict.CIMultiDictProxy(multidict.CIMultiDict({"Authorization": f"Bearer {s}"}))
    info = aiohttp.RequestInfo(url, "GET", headers, url)
    return raised(aiohttp.ClientResponseError(info, (), status=401, message="Unauthorized"))


@plant(
    "9n3ImXHUPV3MqIJBTjMEcIZ", keeps=("InvalidURL",), why="The error's argument is the refused address with its key."
)
def aiohttp_invalid_url(s: str) -> object:
    return raised(aiohttp.InvalidURL(f"http:///quotes?apikey={s}"))


@plant(
    "MIsHfOTc7tirkGVu", keeps=("poller", "meters-3"), why="The login pair is a named tuple with the password second."
)
def aiohttp_basic_auth(s: str) -> object:
    return {"poller": "meters-3", "auth": aiohttp.BasicAuth("reader", s)}


@plant("1abqBGlwP5Y3TlG", keeps=("FormData",), why="A form keeps the fields it is going to send.")
def aiohttp_form_data(s: str) -> object:
    return aiohttp.FormData({"login": "kiosk", "password": s})


@plant("2PaazVKjC2a3FNmlOM", keeps=("upstream", "blue"), why="An address object keeps user and password.")
def yarl_url(s: str) -> object:
    return {"upstream": "blue", "url": yarl.URL(f"https://svc:{s}@blue.mesh.example/rpc")}


@plant(
    "5e36075095511775fb60e0ae9e288325f93b6a5a9922f4d9",
    keeps=("listener", "0.0.0.0:8443"),
    why="A multi-dictionary of headers has a session cookie.",
)
def multidict_headers(s: str) -> object:
    headers = multidict.CIMultiDict([("Host", "app.example"), ("Cookie", f"sid={s}")])
    return {"listener": "0.0.0.0:8443", "headers": headers}


@plant(
    "4ZaGgcbW0ftA529TrCJqt2Lj", keeps=("form_name", "enrol"), why="A read-only view of posted fields has a password."
)
def multidict_proxy(s: str) -> object:
    fields = multidict.MultiDict({"login": "scanner-1", "password": s})
    return {"form_name": "enrol", "fields": multidict.MultiDictProxy(fields)}


@plant(
    "z5jNGcj6KqeUmdkAeHI7Wt9yN7yx8KMvxgB9U4smRzMX",
    keeps=("socket", "quotes-feed"),
    why="A websocket's handshake headers have a bearer token.",
)
def websockets_headers(s: str) -> object:
    headers = websockets.datastructures.Headers({"Authorization": f"Bearer {s}", "Upgrade": "websocket"})
    return {"socket": "quotes-feed", "headers": headers}


@plant("BUtY0yYM9yshIrG6zZ4mYn4QsoMrY", keeps=("InvalidURI",), why="The error quotes the address with its token.")
def websockets_invalid_uri(s: str) -> object:
    return raised(websockets.exceptions.InvalidURI(f"ws-s://rt.example/feed?token={s}", "scheme isn't ws or wss"))


# Providers


@plant(
    "xKaYviXbn7UDnfEeSyeOpS6dxS5UFCLi/ZbdwoCmgOc82ztB7DQ8x+D/k9XaSlsHcZl1lqN4KSqEJAblBxF0n7Z+bVBR5ECrbYa0",
    keeps=("ClientError", "ExpiredToken", "ListObjectsV2"),
    why="S3 repeats the expired session token.",
)
def botocore_client_error(s: str) -> object:
    error = {"Code": "ExpiredToken", "Message": "The provided token has expired.", "Token-0": s}
    return raised(botocore.exceptions.ClientError({"Error": error}, "ListObjectsV2"))


@plant(
    "a9ZuCUwuIlKUOfTFy4",
    keeps=("ParamValidationError", "Parameter validation failed"),
    why="The report quotes the value of the wrong type.",
)
def botocore_param_validation_error(s: str) -> object:
    value = {"username": "crm", "password": s}
    report = f"Invalid type for parameter SecretString, value: {value}, type: {type(value)}"
    return raised(botocore.exceptions.ParamValidationError(report=report))


@plant(
    "Ko2SDk3EK6sWC7yWP4ck5ypx3y1AqOOIx8d2zp/W",
    keeps=("Credentials",),
    why="A credentials object keeps the secret access key.",
)
def botocore_credentials(s: str) -> object:
    return botocore.credentials.Credentials(glued("AK", "IA3QW7ZP5LMX2RTB6N"), s)


@plant(
    "P3Lb5oiI4+o02g3kp8g8IKE+h8Jq4mP3XkRKmtWK",
    "et+eBksniTg2Ds6H1Lf5+mJp+YuRPmYQm0g3eANET3Ect/R8howpyxWTN946m2m4YL31FvGjPyIv1vhEr6An99JC7k",
    keeps=("role", "export-runner"),
    why="Frozen credentials are a named tuple of key and token.",
)
def botocore_frozen_credentials(a: str, b: str) -> object:
    frozen = botocore.credentials.Credentials(glued("AS", "IA5TN2QX8KVJ4HWD7Z"), a, b).get_frozen_credentials()
    return {"role": "export-runner", "credentials": frozen}


@plant(
    "UhZtptf/CzQm2GdDwnEmymoPpXpPMjUmHYlCLo8AE4swwRCkxtpP/C203Ii7/z97jPEXjhUtvgVR/veOV8O2VuzcQP",
    keeps=("AWSRequest",),
    why="A request to sign has the session token among its headers.",
)
def botocore_request(s: str) -> object:
    return botocore.awsrequest.AWSRequest("GET", "https://sqs.eu-west-1.amazonaws.com", {"X-Amz-Security-Token": s})


@plant(
    "4dOCWbTiJjjvDdJVAjyakRG93pOHpvChZP8Kdoy1",
    keeps=("Session",),
    why="A session of an SDK keeps its secret access key.",
)
def boto3_session(s: str) -> object:
    return boto3.session.Session(glued("AK", "IA9LK4VD7QMR3XYP2S"), s, region_name="eu-west-2")


@plant(
    "0wH6t9PVhjEGY1EHGcNnGQonjZxCH1NoOZ3WcqwKt9LUSiE3",
    keeps=("AuthenticationError", "Error code: 401"),
    why="The provider repeats the key it refused.",
)
def openai_authentication_error(s: str) -> object:
    body = {"message": f"Incorrect API key provided: {glued('sk', '-proj-', s)}.", "code": "invalid_api_key"}
    request = httpx2.Request("POST", "https://api.openai.com/v1/chat/completions")
    response = httpx2.Response(401, request=request)
    return raised(openai.AuthenticationError(f"Error code: 401 - {{'error': {body}}}", response=response, body=body))


@plant(
    "AeXkz0RNDAAHCm6MzVcWS6A5LqSgVMp794PalvgCMcUE9K", keeps=("OpenAI",), why="A client keeps the key it was made with."
)
def openai_client(s: str) -> object:
    return openai.OpenAI(api_key=glued("sk", "-", s))


@plant(
    "gSh8SWNhWmKyQVH7Mdyv9YBBCnPOvCLmJcViReiyglVIMoD17zZRhSTpkbYISu4TpcbTYX26Ns6E7NUusvjGl31gqXDaP",
    keeps=("APIConnectionError", "Connection error."),
    why="The error keeps the request with its key header.",
)
def anthropic_connection_error(s: str) -> object:
    headers = {"x-api-key": glued("sk", "-ant-", "api03-", s)}
    request = httpx2.Request("POST", "https://api.anthropic.com/v1/messages", headers=headers)
    return raised(anthropic.APIConnectionError(request=request))


@plant(
    "Tz0MFCitGZDs6wYi5QBo32pN",
    keeps=("AuthenticationError", "Invalid API Key"),
    why="The provider's message repeats the refused key.",
)
def stripe_authentication_error(s: str) -> object:
    message = f"Invalid API Key provided: {glued('rk_', 'live_', s)}"
    return raised(stripe.AuthenticationError(message, http_status=401))


@plant(
    "5425972422276093", keeps=("CardError", "card_declined"), why="The declined request's body repeats the card number."
)
def stripe_card_error(s: str) -> object:
    body = {"error": {"code": "card_declined", "payment_method": {"card": {"number": s}}}}
    error = stripe.CardError("Your card was declined.", "number", "card_declined", json_body=body)  # type: ignore[no-untyped-call]
    return raised(error)


@plant(
    "P7vXAWPoVUrn6o1PP5K2CTKqJ",
    keeps=("PaymentIntent",),
    why="An intent's client secret lets its holder complete the payment.",
)
def stripe_intent_object(s: str) -> object:
    values = {"id": "pi_9", "client_secret": glued("pi_9", "_secret_", s)}
    return stripe.PaymentIntent.construct_from(values, None)


@plant("b0c8da06db9187d615c1b67390de34d5", keeps=("Client",), why="A messaging client keeps its account's auth token.")
def twilio_client(s: str) -> object:
    return twilio.rest.Client(glued("A", "C", "e9fce2b354603121b30ed30032d6e886"), s)


@plant(
    "08c2a64b6c9f56f3fa44deff142da0bc",
    keeps=("TwilioRestException", "20003"),
    why="The error's text repeats the token it was called with.",
)
def twilio_rest_exception(s: str) -> object:
    return raised(
        twilio.base.exceptions.TwilioRestException(401, "/Accounts", f"Authenticate: auth_token={s} is invalid", 20003)
    )


@plant(
    "7s59YsOTpIlCrp83juIJ9se1IKxkwy7WUnazTkUn2k0NR",
    "Kdsg1NXSpV8KmY1DW9WpHDkP",
    keeps=("Credentials",),
    why="User credentials keep a refresh token and a client secret.",
)
def google_credentials(a: str, b: str) -> object:
    return google.oauth2.credentials.Credentials(  # type: ignore[no-untyped-call]
        None, refresh_token=glued("1/", "/0", a), client_id="desk", client_secret=glued("GOC", "SPX-", b)
    )


@plant(
    "AnZfyOb1ayP2lr0SslDpEC-eNtG_ihRt7eYefqISBobOAT_O1K",
    keeps=("RefreshError", "invalid_grant"),
    why="The error's second argument repeats the refused token.",
)
def google_refresh_error(s: str) -> object:
    error = google.auth.exceptions.RefreshError("invalid_grant: Bad Request", {"refresh_token": s})  # type: ignore[no-untyped-call]
    return raised(error)


@plant(
    "ZCkxhFACMH-f_2ByQendwnQzY5uoHeSKwgV",
    keeps=("Forbidden", "vision.googleapis.com"),
    why="The message starts with the address and its key.",
)
def google_forbidden(s: str) -> object:
    url = f"https://vision.googleapis.com/v1/images:annotate?key={glued('AI', 'za', s)}"
    message = f"POST {url}: The caller does not have permission"
    return raised(google.api_core.exceptions.Forbidden(message))  # type: ignore[no-untyped-call]


@plant(
    "c18c4d60f7d65f1258cca3ab07472c3d", keeps=("AzureKeyCredential",), why="A key credential keeps the service's key."
)
def azure_key_credential(s: str) -> object:
    return azure.core.credentials.AzureKeyCredential(s)


@plant(
    "wPneDtq26rlO9CbiLTek7CGDizeJ1YI2Kia3BZM+nys",
    keeps=("hub", "telemetry-eu"),
    why="A named key credential keeps a shared access key.",
)
def azure_named_key_credential(s: str) -> object:
    credential = azure.core.credentials.AzureNamedKeyCredential("send-only", f"{s}=")
    return {"hub": "telemetry-eu", "credential": credential}


@plant(
    "PCok59Fem45S7zdAh7Ox3zb9FU7CGfnYXlLsweFS",
    keeps=("ClientAuthenticationError", "AADSTS7000215"),
    why="The identity service's message repeats the wrong secret.",
)
def azure_authentication_error(s: str) -> object:
    message = f"AADSTS7000215: Invalid client secret provided. client_secret={s}"
    return raised(azure.core.exceptions.ClientAuthenticationError(message))


@plant(
    basic("shipper", "A5LxJoLPegYy2jbP"),
    keeps=("es-2.internal", "9200"),
    why="A node's default headers carry basic credentials.",
)
def elastic_node_config(s: str) -> object:
    headers = {"authorization": f"Basic {s}", "x-opaque-id": "shipper"}
    return elastic_transport.NodeConfig("https", "es-2.internal", 9200, headers=headers)


@plant(
    "DE83B+dyZ20zAg5ei06l3lft+2ocRaUTrbf3W+L1o29lw5zu",
    keeps=("Elasticsearch",),
    why="A search client keeps its API key.",
)
def elasticsearch_client(s: str) -> object:
    return elasticsearch.Elasticsearch("https://es-5.internal:9200", api_key=s)


# Queues, tasks and remote calls


@plant(
    "7wN9HWpMSjt4lOhFylFa4S8k",
    keeps=("tasks.sync_mailbox", "mbx-18"),
    why="A task's keyword arguments hold an app password.",
)
def celery_signature(s: str) -> object:
    return celery.signature("tasks.sync_mailbox", args=("mbx-18",), kwargs={"app_password": s}, countdown=30)


@plant(
    "1rr9uCliuewuT8LTSDfwbTd8DZ",
    keeps=("tasks.push_prices", "6f0e-retry"),
    why="A task message repeats its arguments as text.",
)
def celery_message_headers(s: str) -> object:
    return {
        "task": "tasks.push_prices",
        "id": "6f0e-retry",
        "argsrepr": "('shop-3',)",
        "kwargsrepr": repr({"api_key": s}),
        "retries": 2,
    }


@plant(
    "3FyA11PIKAXzYL5r2PP",
    keeps=("Retry", "sync postponed"),
    why="A retry carries the error whose message has the broker's address.",
)
def celery_retry(s: str) -> object:
    return raised(celery.exceptions.Retry("sync postponed", ConnectionError(f"redis://:{s}@cache-1:6379/0 down"), 60))


@plant("caacmLqLPxiB0VYohDGJ", keeps=("Connection",), why="A broker connection keeps its password.")
def kombu_connection(s: str) -> object:
    return kombu.connection.Connection(f"amqp://tasks:{s}@mq-8.internal:5672//")  # type: ignore[no-untyped-call]


@plant("87aHNdB7Idtv2uz1QO", keeps=("PlainCredentials",), why="Broker credentials keep the password.")
def pika_credentials(s: str) -> object:
    return pika.PlainCredentials("labels", s)


@plant("IdtwNxaysb06lCr9N", keeps=("URLParameters",), why="Connection parameters print the address's parts.")
def pika_url_parameters(s: str) -> object:
    return pika.URLParameters(f"amqp://labels:{s}@mq-9.internal:5672/%2F")


@plant(
    "wHgicgL6tpyDpzKdGtPLFcE_F39GYztL1an6a",
    keeps=("exchange", "events.topic"),
    why="A message's body hands a token to the consumer.",
)
def aio_pika_message(s: str) -> object:
    message = aio_pika.Message(f'{{"access_token": "{s}"}}'.encode(), headers={"x-retry": 1})
    return {"exchange": "events.topic", "message": message}


@plant(
    "2jfBpetyaRBkZcFOqWBjQc7s2xPU",
    "a9-kJ6EOlmA6CvnIxFDILB3lGsYBSbHpOunN2FnO",
    keeps=("users.changed", "88120"),
    why="A consumed record has a secret in its JSON value and a token in its headers.",
)
def kafka_consumer_record(a: str, b: str) -> object:
    return ConsumerRecord(
        topic="users.changed",
        partition=3,
        leader_epoch=1,
        offset=88120,
        timestamp=1718000000000,
        timestamp_type=0,
        key=b"usr_77",
        value=f'{{"user": "usr_77", "webhook_secret": "{a}"}}'.encode(),
        headers=[("authorization", f"Bearer {b}".encode())],
        checksum=None,
        serialized_key_size=6,
        serialized_value_size=74,
        serialized_header_size=58,
    )


@plant(
    "MumMlkkJt6ifAp_qEdLW-386hLipNf2qcAmcyT9m",
    keeps=("authority", "pricing:50051", "x-trace-id"),
    why="Call metadata is a tuple of name and value.",
)
def grpc_metadata(s: str) -> object:
    metadata = (("x-trace-id", "t-551"), ("authorization", f"Bearer {s}"))
    return {"authority": "pricing:50051", "metadata": metadata, "code": grpc.StatusCode.UNAVAILABLE.name}


@plant(
    "c4a8f0fa3d0db533f24a2182eb364135f9b56aa6",
    keeps=("method", "/stock.v1.Stock/Reserve"),
    why="A metadata object has an API key.",
)
def grpc_aio_metadata(s: str) -> object:
    return {"method": "/stock.v1.Stock/Reserve", "metadata": grpc.aio.Metadata(("x-api-key", s))}


@plant(
    "0j0JoeuxyoChYyw8O47u89Rw6jOXW2", keeps=("AioRpcError",), why="A remote call's error has the token in its details."
)
def grpc_rpc_error(s: str) -> object:
    empty = grpc.aio.Metadata()
    details = f"invalid credentials: api_token={s}"
    return raised(grpc.aio.AioRpcError(grpc.StatusCode.UNAUTHENTICATED, empty, empty, details=details))


@plant("K8LRS2auDEWPyfApaR", keeps=("Struct",), why="A protobuf message prints its fields.")
def protobuf_struct(s: str) -> object:
    message = google.protobuf.struct_pb2.Struct()
    message.update({"user": "edge", "password": s})
    return message


# Files, shells, mail and keys


@plant(
    "0KN&r4UJs65f#Pd",
    keeps=("sftp-7.bank.example", "settlement"),
    why="A connection's keyword arguments hold the password.",
)
def paramiko_connect_arguments(s: str) -> object:
    return {
        "hostname": "sftp-7.bank.example",
        "username": "settlement",
        "password": s,
        "policy": paramiko.AutoAddPolicy(),
        "timeout": 15,
    }


@plant(
    "jd6NS0K1khRZiKUgG5wE",
    keeps=("SSHException", "bastion-3"),
    why="The error's message repeats the command with its password.",
)
def paramiko_ssh_exception(s: str) -> object:
    return raised(paramiko.SSHException(f"command failed on bastion-3: mysql -u root --password={s} -e status"))


@plant("0QtGWvjiml4YTDMFe4", keeps=("SSHClientConnectionOptions",), why="Connection options keep the password.")
def asyncssh_options(s: str) -> object:
    return asyncssh.SSHClientConnectionOptions(username="edi", password=s, config=None, agent_path=None)


@plant("9MutF8v93KSJsAyUC", keeps=("SMTP",), why="A mail client keeps its login.")
def aiosmtplib_client(s: str) -> object:
    return aiosmtplib.SMTP(hostname="mx.example", port=587, username="notify", password=s)


@plant("fhYR0e9l9SMzldCyWqI-cxhd-nvPwV91pKZmwVUGhN", keeps=("Fernet",), why="A cipher keeps its key.")
def cryptography_fernet(s: str) -> object:
    return cryptography.fernet.Fernet(f"{s}A=".encode())


@plant(
    "GV9R9xab8e58CQG5E4CPX0URL4UPmLEz",
    keeps=("SecretBox",),
    why="A secret box turns into its key when converted to bytes.",
)
def nacl_secret_box(s: str) -> object:
    return nacl.secret.SecretBox(s.encode())


@plant(
    "RijuM6x_1QZd5dX76kHtINIUX6KhqpT7csE6qz3dUF3",
    keeps=("kid", "2024-06"),
    why="A symmetric key in JWK form signs tokens.",
)
def pyjwt_key(s: str) -> object:
    return {"kid": "2024-06", "key": pyjwt.PyJWK({"kty": "oct", "k": s, "alg": "HS256"})}


@plant(
    "84EuWqXBZvRw7cWfjuBGIN8HDFanfOJmWQR8",
    keeps=("BadParameter",),
    why="The message quotes the value given for the option.",
)
def click_bad_parameter(s: str) -> object:
    return raised(click.BadParameter(f"'{glued('gh', 'p_', s)}' is expired", param_hint="--token"))


@plant("877fwDiEfEMauxsm6ysc2gHX", keeps=("Context",), why="A command's context keeps the parsed options.")
def click_context(s: str) -> object:
    context = click.Context(click.Command("publish"))
    context.params = {"repository": "internal", "password": s}
    return context


# Django


@plant("kVkEJd0Z5mW7AsYVkoM2XSPaEB0", keeps=("ValidationError",), why="The error's parameters hold the refused value.")
def django_validation_error(s: str) -> object:
    params = {"api_key": s}
    return raised(django.core.exceptions.ValidationError("key not known", code="unknown", params=params))


@plant(
    "GTVir5xzlGsOiJYV3K", keeps=("ConnectionHandler",), why="The handler of database connections keeps their settings."
)
def django_connection_handler(s: str) -> object:
    databases = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "rides", "PASSWORD": s}}
    return django.db.utils.ConnectionHandler(databases)


@plant(
    "1__gLFGHEwl-1IdhnTlZiNpPK--W25VCk8f",
    keeps=("view", "orders:detail"),
    why="A view of the request's headers has a bearer token.",
)
def django_http_headers(s: str) -> object:
    headers = django.http.request.HttpHeaders({"HTTP_AUTHORIZATION": f"Bearer {s}", "HTTP_ACCEPT": "text/html"})
    return {"view": "orders:detail", "headers": headers}


@plant("B3*Gh!zIJVJd", keeps=("form", "StaffLogin"), why="Posted fields map each name to a list of values.")
def django_multi_value_dict(s: str) -> object:
    fields = django.utils.datastructures.MultiValueDict({"login": ["staff-4"], "password": [s]})
    return {"form": "StaffLogin", "data": fields}


@plant(
    "s8Lm-t5ldZupi1rpLZ-ah2AAIvaDTA5Z7rNSvwyfhM8ntn",
    keeps=("/invite/", "team=88"),
    why="A template-safe string holds a link with an invitation token.",
)
def django_safe_string(s: str) -> object:
    return django.utils.safestring.mark_safe(f"https://app.example/invite/?team=88&invite_token={s}")


@plant(
    "ILqJtWeOfQ3CKQRNh6x",
    keeps=("ImproperlyConfigured", "CACHES"),
    why="The message quotes a cache's address with its password.",
)
def django_improperly_configured(s: str) -> object:
    return raised(django.core.exceptions.ImproperlyConfigured(f"CACHES: bad LOCATION redis://:{s}@cache-7:6379/1"))


# Tables


@plant("9pout4UK4scGJYc3KMtZFf", keeps=("sheet", "hosts.csv"), why="A series indexed by setting names has a password.")
def pandas_series(s: str) -> object:
    return {"sheet": "hosts.csv", "row": pandas.Series({"host": "pg-3", "password": s})}


@plant(
    "ALhMIfyUBLGapaWN9aZH01JE",
    "qowsNBILTIZrk0GHFKS6X4Zf",
    keeps=("source", "clients.parquet"),
    why="A column named client_secret holds one secret per row.",
)
def pandas_data_frame(a: str, b: str) -> object:
    frame = pandas.DataFrame({"client_id": ["till-1", "till-2"], "client_secret": [a, b]})
    return {"source": "clients.parquet", "frame": frame}


@plant("B1Y4bDA6Hw5oJGWIuC5PcOBPs8z9aw", keeps=("batch_no", "501"), why="An array under the name api_keys holds keys.")
def numpy_array(s: str) -> object:
    return {"batch_no": 501, "api_keys": numpy.array([s, "none"])}


PLANTED: tuple[Planted, ...] = tuple(_cases)
