"""Values without secrets that look like they had some, or that are needed to understand a failure."""

from __future__ import annotations

import json
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

import attrs
import pydantic

from tests.corpus.redaction.schema import Harmless, raised


@dataclass
class RetryPolicy:
    attempts: int
    base_delay: float
    retry_on: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TokenBudget:
    model: str
    max_tokens: int
    used_tokens: int


@dataclass(frozen=True, slots=True)
class Waypoint:
    code: str
    km: float


@dataclass
class Route:
    carrier: str
    stops: tuple[Waypoint, ...]


class ShardRange(NamedTuple):
    table: str
    first: int
    last: int


class Stage(StrEnum):
    BUILD = "build-image"
    SHIP = "ship-canary"


@attrs.define
class SortRule:
    sort_key: str
    descending: bool
    weight: float


@attrs.frozen
class Passage:
    vessel: str
    passengers: int
    passes: tuple[str, ...]


class Pagination(pydantic.BaseModel):
    page: int
    per_page: int
    sort: str = "created_at"


class Listing(pydantic.BaseModel):
    resource: str
    pagination: Pagination


def _not_an_int() -> object:
    try:
        return int("12 pcs")
    except ValueError as caught:
        return caught


def _missing_key() -> object:
    try:
        return {"sku": 1}["warehouse_id"]
    except KeyError as caught:
        return caught


def _chained() -> object:
    return raised(RuntimeError("price feed unusable"), ValueError("column 7 of row 311 is empty"))


HARMLESS: tuple[Harmless, ...] = (
    Harmless(
        "order_line",
        lambda: {"order": "ord_5519", "sku": "TSH-BLK-M", "quantity": 3, "net": 17.9, "currency": "EUR"},
        "An order line has only business data.",
    ),
    Harmless(
        "model_usage_tokens",
        lambda: {"prompt_tokens": 812, "completion_tokens": 164, "total_tokens": 976},
        "Counts of a language model's tokens are numbers of words.",
    ),
    Harmless(
        "model_request_limits",
        lambda: {"model": "claude-sonnet", "max_tokens": 4096, "temperature": 0.2, "stop": ["END"]},
        "max_tokens is a limit.",
    ),
    Harmless(
        "tokenizer_settings",
        lambda: {"tokenizer": "cl100k_base", "token_ids": [101, 2023, 2003, 102], "pad_token_id": 0},
        "Token ids index a vocabulary.",
    ),
    Harmless(
        "cache_key", lambda: {"key": "user:4711:profile", "ttl": 300, "hit": False}, "A cache key names an entry."
    ),
    Harmless(
        "object_store_key",
        lambda: {"Bucket": "exports-eu", "Key": "exports/2024/06/report.csv", "PartNumber": 4},
        "The key of a stored object is its path.",
    ),
    Harmless(
        "table_keys",
        lambda: {
            "primary_key": "order_id",
            "foreign_key": "customer_id",
            "sort_key": "created_at",
            "partition_key": "eu",
        },
        "Keys of tables are column names.",
    ),
    Harmless(
        "broker_routing",
        lambda: {"exchange": "orders", "routing_key": "orders.created.eu", "delivery_tag": 91},
        "A routing key addresses queues.",
    ),
    Harmless(
        "keyboard_settings",
        lambda: {"keyboard": "de-DE", "hotkey": "ctrl+k", "keyframes": 24, "monkey_patch": False},
        "Words that only contain key name no keys.",
    ),
    Harmless(
        "author_and_authority",
        lambda: {"author": "editorial-team", "authority": "idp.example:443", "authored_at": "2024-05-03"},
        "Author and authority only begin like auth.",
    ),
    Harmless(
        "authentication_facts",
        lambda: {"authenticated": True, "auth_method": "oauth2", "auth_type": "bearer", "mfa_required": False},
        "How somebody was authenticated is no credential.",
    ),
    Harmless(
        "password_policy",
        lambda: {"password_min_length": 12, "password_max_age_days": 90, "password_algorithm": "argon2id"},
        "Rules about passwords contain none.",
    ),
    Harmless(
        "password_dates",
        lambda: {"login_disabled": False, "password_changed_at": "2024-02-11T08:15:00Z", "password_expired": True},
        "When a password was changed is useful and harmless.",
    ),
    Harmless(
        "absent_credentials",
        lambda: {"db_host": "pg-4.internal", "db_password": None, "api_key": ""},
        "That a credential is missing is the very cause of the failure.",
    ),
    Harmless(
        "token_kind_and_lifetime",
        lambda: {"token_type": "Bearer", "expires_in": 3600, "token_endpoint": "https://idp.example/token"},
        "Kind, lifetime and address of tokens are public.",
    ),
    Harmless(
        "kubernetes_secret_reference",
        lambda: {"secretKeyRef": {"name": "ledger-db", "key": "password"}},
        "A reference to a secret names it without holding it.",
    ),
    Harmless(
        "kubernetes_secret_volume",
        lambda: {"volume": "tls", "secretName": "edge-certificate", "defaultMode": 420},
        "A volume's secretName is the name of an object.",
    ),
    Harmless(
        "config_map_data",
        lambda: {"kind": "ConfigMap", "data": {"LOG_LEVEL": "debug", "WORKERS": "4", "REGION": "eu-north-1"}},
        "A ConfigMap's data are plain settings.",
    ),
    Harmless(
        "working_directory",
        lambda: {"PWD": "/srv/app", "OLDPWD": "/srv", "HOME": "/home/app", "SHLVL": "1"},
        "PWD in an environment is the working directory.",
    ),
    Harmless(
        "plain_environment",
        lambda: {"PYTHONUNBUFFERED": "1", "TZ": "Europe/Vienna", "AWS_REGION": "eu-west-1", "AWS_PROFILE": "reporting"},
        "Ordinary settings of a process.",
    ),
    Harmless(
        "feature_flags",
        lambda: {"secret_santa_enabled": False, "bypass_cache": True, "rollout": 0.25},
        "Names of features are not names of secrets.",
    ),
    Harmless(
        "secretariat",
        lambda: {"department": "secretariat", "building": "B-12", "seats": 14},
        "A secretariat is an office.",
    ),
    Harmless(
        "test_report",
        lambda: {"passed": 412, "failed": 3, "pass_rate": 0.993, "slowest": "test_import_catalogue"},
        "Passed tests are no passwords.",
    ),
    Harmless(
        "column_names",
        lambda: {"table": "users", "columns": ["id", "login", "password_hash", "created_at"]},
        "Names of columns are no values of columns.",
    ),
    Harmless(
        "required_fields",
        lambda: {"form": "signup", "missing": ["password", "api_key"], "status": 422},
        "Which fields are missing is what the caller needs to know.",
    ),
    Harmless(
        "sql_with_placeholders",
        lambda: "INSERT INTO users (login, password) VALUES (%s, %s)",
        "A statement with placeholders has no values.",
    ),
    Harmless(
        "sql_named_placeholder",
        lambda: "UPDATE users SET password = :password WHERE id = :id",
        "A named placeholder is no value.",
    ),
    Harmless(
        "sql_select_with_parameters",
        lambda: ("SELECT sku, qty FROM stock WHERE site_id = ? AND qty < ?", (14, 5)),
        "The parameters of this query are numbers of sites and pieces.",
    ),
    Harmless(
        "environment_reference",
        lambda: {"image": "ledger:2.4.1", "command": "serve --db-password ${DB_PASSWORD} --port 8080"},
        "A reference to a variable is filled in later.",
    ),
    Harmless(
        "usage_text",
        lambda: "usage: sync [-h] [--password PASSWORD] [--token TOKEN] source target",
        "A usage line names options and metavariables.",
    ),
    Harmless(
        "argv_without_secrets",
        lambda: ["ffmpeg", "-i", "clip.mov", "-crf", "23", "-b:v", "2M", "-f", "null", "/dev/null"],
        "Options of a video encoder.",
    ),
    Harmless(
        "argv_tokens_limit",
        lambda: ["bench", "--max-tokens", "256", "--tokenizer", "sentencepiece", "--seed", "7"],
        "Options about tokens of text are harmless.",
    ),
    Harmless(
        "argv_mkdir",
        lambda: ("mkdir", "-p", "/var/lib/app/spool"),
        "-p of mkdir makes parent directories.",
    ),
    Harmless(
        "argv_port_flag",
        lambda: ["ssh", "-p", "2222", "build-agent-3", "uptime"],
        "-p of ssh is a port.",
    ),
    Harmless(
        "git_commit",
        lambda: {"sha": "9f2c1e7ab04d5538c6e1f0927bd34a8851ce6d02", "branch": "release/2.4", "ahead": 3},
        "A commit's hash identifies public content.",
    ),
    Harmless(
        "image_digest",
        lambda: "registry.example/ledger@sha256:3b1f0e9ac5d27748e6aa19c05f2d8b7314e6c98d5af02b7361ce84f9d0275bea",
        "A digest pins an image and opens nothing.",
    ),
    Harmless(
        "file_checksum",
        lambda: {"path": "/data/in/prices.csv", "md5": "1c6f0d2ba94e7735f8d1a0c39be5274f", "size": 88213},
        "A checksum of a file is compared in the open.",
    ),
    Harmless(
        "uuid_identifiers",
        lambda: {
            "request_id": "5d0c7f3e-2b19-4a86-9c41-7e8f02d6b1a3",
            "job_id": "c1e4a9b2-70d3-4f58-8a6e-19b5d2f7034c",
        },
        "Identifiers are how a failure is found again.",
    ),
    Harmless(
        "trace_context",
        lambda: {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "sampled": 1},
        "A trace context links telemetry.",
    ),
    Harmless(
        "etag_and_dates",
        lambda: {"ETag": "33a64df551425fcc", "Last-Modified": "Tue, 11 Jun 2024 09:12:44 GMT", "Age": "118"},
        "Caching headers are public.",
    ),
    Harmless(
        "response_headers",
        lambda: {"Content-Type": "application/json; charset=utf-8", "Retry-After": "30", "X-RateLimit-Remaining": "0"},
        "Rate-limit headers say when to try again.",
    ),
    Harmless(
        "authentication_challenge",
        lambda: {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'},
        "A challenge says what the server wants.",
    ),
    Harmless(
        "cors_headers",
        lambda: {"Access-Control-Allow-Headers": "Authorization, X-Api-Key, Content-Type", "Vary": "Cookie"},
        "Header names in a CORS answer are no header values.",
    ),
    Harmless(
        "header_pairs",
        lambda: [("accept", "text/csv"), ("user-agent", "stock-bot/2.1"), ("content-length", "118")],
        "Pairs of ordinary headers.",
    ),
    Harmless(
        "byte_header_pairs",
        lambda: [(b"host", b"shop.example"), (b"accept-language", b"pt-BR")],
        "Byte pairs of ordinary headers.",
    ),
    Harmless(
        "asgi_scope_without_credentials",
        lambda: {
            "type": "http",
            "method": "GET",
            "path": "/healthz",
            "query_string": b"verbose=1",
            "http_version": "1.1",
        },
        "A health check's scope.",
    ),
    Harmless(
        "documentation_link",
        lambda: "https://docs.example.com/guides/reset-password?lang=de",
        "A page about passwords has none in its address.",
    ),
    Harmless(
        "listing_link",
        lambda: {"next": "https://api.example.org/v2/tokens?limit=50&offset=100", "count": 137},
        "A resource called tokens is only listed.",
    ),
    Harmless(
        "page_token",
        lambda: {"nextPageToken": "CAUQAA", "resultSizeEstimate": 201},
        "A page token marks a position in a list.",
    ),
    Harmless(
        "url_with_port",
        lambda: {"upstream": "http://inventory.internal:8080/v1/items?page=2", "timeout_s": 2.5},
        "A host with a port is no user-info.",
    ),
    Harmless(
        "database_url_without_password",
        lambda: "postgresql://pg-main.internal:5432/bookings?sslmode=require",
        "The address names host and database only.",
    ),
    Harmless(
        "sqlite_path",
        lambda: {"url": "sqlite:////var/lib/app/app.db", "journal_mode": "wal"},
        "A file's path is no credential.",
    ),
    Harmless(
        "stack_frame",
        lambda: {"file": "/srv/app/billing/invoice.py", "line": 211, "function": "render_totals"},
        "A frame's place is the heart of a report.",
    ),
    Harmless(
        "dotted_module_names",
        lambda: ["app.security.tokens", "app.auth.password_reset", "django.contrib.auth.hashers"],
        "Module names may speak of tokens.",
    ),
    Harmless(
        "function_names",
        lambda: {"qualname": "PasswordResetView.post", "callers": ["refresh_token_if_needed", "load_api_keys"]},
        "Function names may speak of tokens.",
    ),
    Harmless(
        "metric_names",
        lambda: {"metric": "auth.login.failures", "value": 17, "tags": {"site": "fra1", "cause": "bad_password"}},
        "A metric counts failures.",
    ),
    Harmless(
        "error_codes",
        lambda: {"code": "invalid_api_key", "type": "authentication_error", "status": 401},
        "A provider's error code is the diagnosis.",
    ),
    Harmless(
        "oauth_error",
        lambda: {"error": "invalid_grant", "error_description": "Token has been expired or revoked."},
        "An OAuth error tells what to do.",
    ),
    Harmless(
        "permission_scopes",
        lambda: {"scopes": ["tokens:read", "secrets:list", "repo"], "role": "auditor"},
        "Scopes are names of rights.",
    ),
    Harmless(
        "iam_statement",
        lambda: {"Effect": "Deny", "Action": ["secretsmanager:GetSecretValue", "iam:CreateAccessKey"], "Sid": "NoKeys"},
        "A policy names actions.",
    ),
    Harmless(
        "secret_names_listing",
        lambda: {"store": "vault-eu", "secret_name": "prod/ledger/db", "version": 12},
        "The name of a stored secret is no secret.",
    ),
    Harmless(
        "key_rotation_plan",
        lambda: {"kid": "2024-06-rotation", "key_algorithm": "RS256", "key_size": 2048, "rotate_every_days": 90},
        "Facts about keys are public.",
    ),
    Harmless(
        "cookie_policy",
        lambda: {"SESSION_COOKIE_SECURE": True, "SESSION_COOKIE_SAMESITE": "Lax", "CSRF_COOKIE_AGE": 31449600},
        "Settings of cookies are no cookies.",
    ),
    Harmless(
        "timestamps",
        lambda: {"created": 1718093000, "created_ms": 1718093000123, "updated": "2024-06-11T08:03:20.123Z"},
        "Points in time may be long numbers.",
    ),
    Harmless(
        "measurements",
        lambda: [0.1, -273.15, 6.02e23, 1e-05, 0, -1, 9007199254740993],
        "Numbers stay as they are.",
    ),
    Harmless(
        "long_identifiers",
        lambda: {"ean": "4006381333931", "order_no": "2024061100004173", "row": 812200931},
        "Long numbers of goods and orders are no card numbers.",
    ),
    Harmless(
        "version_strings",
        lambda: {"python": "3.11.7", "openssl": "3.0.13", "build": "2024.06.11.4"},
        "Versions have dots and digits.",
    ),
    Harmless(
        "warehouse_coordinates",
        lambda: {"site": "HAM-2", "lat": 53.5443, "lon": 9.9321, "docks": 18},
        "A warehouse's position is no person's.",
    ),
    Harmless(
        "german_business_words",
        lambda: {
            "Auftrag": "A-2291",
            "Schlüsselnummer": "0603",
            "Kennzahl": 17,
            "Größe": "XL",
            "Straßengüterverkehr": True,
        },
        "A key number of a vehicle type is printed in public lists.",
    ),
    Harmless(
        "french_business_words",
        lambda: {"commande": "C-118", "mots_clés": ["été", "soldes"], "quantité": 4},
        "Mots clés are search words.",
    ),
    Harmless(
        "spanish_business_words",
        lambda: {"pedido": "P-77", "palabras_clave": ["camisón", "algodón"], "año": 2024},
        "Palabras clave are search words.",
    ),
    Harmless(
        "texts_in_many_scripts",
        lambda: ["Überweisung ausgeführt", "出荷済み", "заказ отменён", "تم الشحن", "✓ ok"],
        "Texts keep their letters.",
    ),
    Harmless(
        "prose_about_passwords",
        lambda: "The user must choose a new password before the next login.",
        "A sentence about passwords has none.",
    ),
    Harmless(
        "prose_about_tokens",
        lambda: {"log": "token refresh skipped because the access token is still valid for 812 seconds"},
        "A log line about tokens has none.",
    ),
    Harmless(
        "prose_about_keys",
        lambda: ["press any key to continue", "the secret of good bread is time", "basic training starts at nine"],
        "Everyday sentences with the words key, secret and basic.",
    ),
    Harmless(
        "json_text_of_stock",
        lambda: json.dumps({"sku": "MUG-1", "stock": {"HAM-2": 14, "LEJ-1": 0}}),
        "A JSON text of stock.",
    ),
    Harmless(
        "yaml_of_deployment",
        lambda: "replicas: 3\nimage: web:1.9\nresources:\n  cpu: 250m\n",
        "A YAML text of a deployment.",
    ),
    Harmless(
        "csv_bytes",
        lambda: b"sku,qty,price\nTSH-BLK-M,3,17.90\n",
        "A small table in bytes.",
    ),
    Harmless(
        "cron_and_regex",
        lambda: {"cron": "*/15 2 * * 1-5", "pattern": "^ord_[0-9]{4,8}$"},
        "Schedules and patterns look random and are not.",
    ),
    Harmless(
        "html_fragment",
        lambda: "<label>Password</label><input type='password' name='password' autocomplete='off'>",
        "A form's markup has no value.",
    ),
    Harmless(
        "css_and_colours",
        lambda: {"background": "#1f2d3d", "border": "2px solid #e0e6ed", "theme": "dark"},
        "Colours are short hexadecimal texts.",
    ),
    Harmless(
        "graphql_query",
        lambda: {
            "operationName": "Stock",
            "query": "query Stock($sku: ID!) { item(sku: $sku) { qty } }",
            "variables": {"sku": "MUG-1"},
        },
        "A query for stock.",
    ),
    Harmless(
        "json_rpc_result",
        lambda: {"jsonrpc": "2.0", "id": 18, "error": {"code": -32601, "message": "Method not found"}},
        "A protocol error.",
    ),
    Harmless(
        "webhook_payload",
        lambda: {"action": "opened", "number": 318, "repository": {"full_name": "acme/storefront", "private": True}},
        "An event of a repository.",
    ),
    Harmless(
        "terraform_resource",
        lambda: {
            "type": "aws_sqs_queue",
            "values": {"name": "orders", "visibility_timeout_seconds": 45, "fifo_queue": False},
        },
        "A queue's settings.",
    ),
    Harmless(
        "container_environment",
        lambda: {
            "name": "web",
            "env": [{"name": "LOG_FORMAT", "value": "json"}, {"name": "GUNICORN_WORKERS", "value": "6"}],
        },
        "Listed settings with ordinary names.",
    ),
    Harmless(
        "nested_lists",
        lambda: [[1, 2, [3, ["four", (5, 6.5)]]], {"seven": [8]}],
        "Nesting changes nothing.",
    ),
    Harmless(
        "set_of_regions",
        lambda: {"eu-west-1", "eu-central-1", "us-east-2"},
        "Names of regions.",
    ),
    Harmless(
        "deque_of_states",
        lambda: deque(["queued", "running", "failed"], maxlen=10),
        "A history of states.",
    ),
    Harmless(
        "counter_of_statuses",
        lambda: Counter({"timeout": 12, "refused": 3}),
        "How often each failure happened.",
    ),
    Harmless(
        "ordered_steps",
        lambda: OrderedDict([("extract", 4.1), ("transform", 9.8), ("load", 0.7)]),
        "Durations of steps.",
    ),
    Harmless(
        "layered_settings",
        lambda: ChainMap[str, object]({"timeout": 5}, {"region": "eu-west-3", "retries": 2}),
        "Plain settings in two layers.",
    ),
    Harmless(
        "read_only_settings",
        lambda: MappingProxyType({"currency": "SEK", "vat": 0.25}),
        "Plain settings behind a read-only view.",
    ),
    Harmless(
        "grouped_rows",
        lambda: defaultdict(list, {"HAM-2": [311, 312], "LEJ-1": [415]}),
        "Row numbers by site.",
    ),
    Harmless("named_tuple_range", lambda: ShardRange("orders-2024-06", 4096, 8191), "A shard's range."),
    Harmless(
        "string_enum_member", lambda: {"stage": Stage.SHIP, "previous": str(Stage.BUILD)}, "Stages of a pipeline."
    ),
    Harmless(
        "dataclass_policy",
        lambda: RetryPolicy(5, 0.25, ["ConnectionResetError", "ReadTimeout"]),
        "How often something is tried.",
    ),
    Harmless(
        "dataclass_token_budget", lambda: TokenBudget("gpt-4o-mini", 8000, 7312), "A budget of words for a model."
    ),
    Harmless(
        "nested_dataclasses",
        lambda: Route("rail-cargo", (Waypoint("HAM", 0.0), Waypoint("LEJ", 391.5))),
        "Stops of a route.",
    ),
    Harmless("attrs_sort_rule", lambda: SortRule("price_net", True, 1.5), "A sort key is a column."),
    Harmless("attrs_passage", lambda: Passage("MV Skagen", 212, ("deck", "car")), "Passengers and passes of a ferry."),
    Harmless(
        "pydantic_listing",
        lambda: Listing(resource="tokens", pagination=Pagination(page=3, per_page=50)),
        "A page of a list.",
    ),
    Harmless("value_error", _not_an_int, "What could not be read as a number explains the failure."),
    Harmless("key_error", _missing_key, "The missing key's name explains the failure."),
    Harmless(
        "connection_refused",
        lambda: raised(ConnectionRefusedError(111, "Connection refused")),
        "Number and text of a system error.",
    ),
    Harmless(
        "file_not_found",
        lambda: raised(FileNotFoundError(2, "No such file or directory", "/etc/app/tariffs.yaml")),
        "The path that is missing.",
    ),
    Harmless(
        "permission_error_text",
        lambda: raised(PermissionError("role auditor may not call secrets.list")),
        "Who may not do what.",
    ),
    Harmless(
        "type_error",
        lambda: raised(TypeError("charge() missing 1 required keyword-only argument: 'api_key'")),
        "A missing argument's name is no value.",
    ),
    Harmless(
        "authentication_failure",
        lambda: raised(RuntimeError("FATAL: password authentication failed for user ledger_rw")),
        "The database's refusal names the account only.",
    ),
    Harmless("errors_in_a_chain", _chained, "Both messages are needed."),
    Harmless(
        "error_group",
        lambda: ExceptionGroup("2 sites failed", [TimeoutError("HAM-2 after 30 s"), OSError("LEJ-1 unreachable")]),
        "Each member's message is needed.",
    ),
    Harmless(
        "call_of_a_function",
        lambda: {"args": ["ord_5519", 3], "kwargs": {"currency": "EUR", "dry_run": False, "note": None}},
        "Arguments of a call without secrets.",
    ),
    Harmless(
        "message_metadata",
        lambda: {"topic": "orders.created", "partition": 3, "offset": 88120, "group": "billing-v2", "lag": 0},
        "Where a consumer stands.",
    ),
    Harmless(
        "http_exchange",
        lambda: {"method": "PATCH", "path": "/v1/items/5", "status": 409, "elapsed_ms": 84.2, "attempt": 2},
        "An exchange in numbers.",
    ),
    Harmless("empty_values", lambda: {"items": [], "meta": {}, "note": "", "next": None}, "Empty things stay empty."),
)
