"""A service that puts a secret wherever a failing call can hold one: `python -m tests.leaking_service CANARY`.

Run by `tests/test_canary.py`. What it logs itself is of no concern; what Healing makes of it is.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import requests
import sqlalchemy as sa

import healing
from healing import self_healing

canary = sys.argv[1]
logging.lastResort = None
logger = logging.getLogger("shop.payments")


@self_healing(source="in_the_message", idempotent=True, attempts=2)
def in_the_message() -> None:
    raise ConnectionRefusedError(111, f"no route to postgresql://app:{canary}@db.internal/shop")


@self_healing(source="in_arguments")
def in_arguments(order: int, api_key: str, options: dict[str, object], *rest: str, password: str) -> None:
    raise ValueError("out of stock")


@self_healing(source="in_locals")
def in_locals() -> None:
    client_secret = canary
    settings = {"smtp": {"password": client_secret}}
    raise LookupError(f"order {len(settings)}")


@self_healing(source="in_headers")
def in_headers(headers: dict[str, str]) -> None:
    request = requests.Request("GET", f"http://127.0.0.1:9/?access_token={canary}", headers=headers).prepare()
    requests.Session().send(request, timeout=1)


@self_healing(source="in_sql")
def in_sql() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        connection.execute(sa.text("INSERT INTO users (name, password) VALUES (:n, :p)"), {"n": "bob", "p": canary})


@self_healing(source="in_the_chain")
def in_the_chain() -> None:
    try:
        in_nothing_wrapped()
    except RuntimeError as error:
        error.add_note(f"Authorization: Bearer {canary}")
        raise LookupError("no order") from error


def in_nothing_wrapped() -> None:
    raise RuntimeError(f'{{"refresh_token": "{canary}"}}')


@self_healing(source="in_the_log", redact_keys=["order_pad"], redact_patterns=[r"pad/(?P<secret>\w+)"])
def in_the_log(order_pad: str) -> None:
    logger.warning("signing in with token=%s and pad/%s", canary, canary)
    raise LookupError(f"no pad/{canary}")


def main() -> None:
    calls: tuple[Callable[[], None], ...] = (
        lambda: in_the_message(),
        lambda: in_arguments(7, canary, {"nested": [{"auth_token": canary}]}, f"--password={canary}", password=canary),
        lambda: in_locals(),
        lambda: in_headers({"Authorization": f"Bearer {canary}", "X-Api-Key": canary, "Cookie": f"session={canary}"}),
        lambda: in_sql(),
        lambda: in_the_chain(),
        lambda: in_the_log(canary),
    )
    healing.capture(RuntimeError(f"pwd: {canary}"), source="captured")
    for call in calls:
        try:
            call()
        except Exception as error:
            sys.stderr.write(f"{type(error).__name__}\n")
    healing.flush(10)


if __name__ == "__main__":
    main()
