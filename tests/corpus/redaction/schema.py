"""Shape of the labelled values and the functions that build their credentials."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """A value that carries secrets: none of `secrets` may be shown, all of `keeps` must be."""

    name: str
    make: Callable[[], object]
    secrets: tuple[str, ...]
    keeps: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Harmless:
    """A value without secrets: every string and number in it must be shown unchanged."""

    name: str
    make: Callable[[], object]
    why: str


Builder = Callable[..., object]
Plant = Callable[..., Callable[[Builder], Builder]]


def planter(cases: list[Planted]) -> Plant:
    """Make the decorator that adds a function to `cases`; the function receives the secrets, in order."""

    def plant(*secrets: str, keeps: tuple[str, ...], why: str) -> Callable[[Builder], Builder]:
        def add(build: Builder) -> Builder:
            cases.append(Planted(build.__name__, lambda: build(*secrets), secrets, keeps, why))
            return build

        return add

    return plant


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    """The error as a handler sees it: with a traceback and, if given, its cause."""
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def glued(*parts: str) -> str:
    """Join the parts of a token that must not stand in one literal."""
    return "".join(parts)


def b64(text: str) -> str:
    """Standard base64 of a text."""
    return base64.b64encode(text.encode()).decode()


def basic(user: str, password: str) -> str:
    """The credentials part of a Basic authorization header."""
    return b64(f"{user}:{password}")


def jwt(claims: Mapping[str, object], signature: str) -> str:
    """A signed HS256 token with these claims."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return ".".join((glued("ey", "JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"), payload, signature))


def pem(kind: str, *lines: str) -> str:
    """A private key in PEM armour with these lines of body."""
    return "\n".join((glued("-----BEGIN ", kind, "-----"), *lines, glued("-----END ", kind, "-----"), ""))
