"""Whether what follows a secret's name is a secret: not a word about it, a mask, or an expression of code."""

from __future__ import annotations

import re

from healing.redaction.names import word_set
from healing.redaction.placeholders import PLACEHOLDER

_WORDS_OF_STATE = word_set(
    "none null nil true false yes no on off str string bytes int integer float bool boolean any object optional "
    "required missing invalid valid expired revoked empty unset set denied failed failure rejected wrong incorrect "
    "unknown disabled enabled ok error hidden masked filtered redacted secretstr undefined default "
    "must should may can cannot can't is was are were has have had will would not field value input ensure expected "
    "expecting unexpected unable please too at does doesn't did didn't this the that a an it for from in of and or "
    "changed reset updated created sent received used unused accepted verified unverified granted refreshed "
    "authentication authorization mismatch mismatched malformed ignored skipped length minimum maximum provided "
    "varchar text char nvarchar binary blob uuid with without by to self cls request ... … n/a"
)
_MASK = re.compile(
    r"[*•xX.#_-]{3,64}|<[^<>]{1,64}>|\$\{?[A-Z_][A-Z0-9_:-]{0,64}\}?|\$\d{1,3}|\{\{?[^{}]{0,64}\}?\}?|%\(\w{1,64}\)s|%s|\?"
    r"|:[a-z_]\w{0,64}|\[(?i:filtered|hidden|masked|removed|secret|scrubbed)\]"
)
_CODE = re.compile(
    r"(?:await )?(?:(?:self|cls|settings|config|cfg|conf|os|request|req|args|kwargs|options|env|environ|process)"
    r"(?:\.[A-Za-z_]\w{0,64}){1,5}(?=[\s,;)\]}(\[]|$)"
    r"|(?:(?:get|make|create|load|read|fetch|build|decode|encode|hash|generate|new|issue|find)_\w{1,64}|getpass|getenv"
    r"|str|bytes|input|SecretStr|Secret|Field|Depends)(?=\())"
)
_NO_VALUE = re.compile(r"[^\w]{0,2}|\s{1,4096}")
_HIDDEN = re.compile(PLACEHOLDER.pattern + "(?:$|@)")
_TOKEN_LIKE = re.compile(r"(?=[^\d\s]{0,200}\d)[\w.~+/=:-]{6,1024}|[\w.~+/=:-]{20,1024}")

Value = re.Match[str]
"""A match in which the last group is the value: `quoted`, `items` or `bare`."""


def value_of(value: Value) -> str:
    return value[value.lastgroup or 0]


def is_plausible(name: str, value: Value) -> bool:
    text = value_of(value)
    if _NO_VALUE.fullmatch(text) or _HIDDEN.match(text) or _MASK.fullmatch(text):
        return False
    if text.lower().rstrip(".:;!?") in _WORDS_OF_STATE:
        return False
    if name in {"PWD", "OLDPWD"} and text.startswith("/"):
        return False
    if text.isdigit() and name.lower().endswith("s"):
        return False
    return value.lastgroup != "bare" or not _is_code(name, value)


def _is_code(name: str, value: Value) -> bool:
    if value["bare"].strip("_").lower() == name.strip("_-").lower():
        return True
    return _CODE.match(value.string, value.start("bare")) is not None


def any_value(name: str, value: Value) -> bool:
    return True


def is_no_syntax(name: str, value: Value) -> bool:
    """Parsers, too, speak of tokens (`unexpected token: foo`): there, only what looks like a secret is one."""
    if name.lower() != "token" or value.lastgroup != "bare" or value.string[value.start() - 1] in "=dD":
        return True
    return _TOKEN_LIKE.match(value["bare"]) is not None


def is_no_flag(name: str, value: Value) -> bool:
    return not value_of(value).startswith("-")


def is_no_quoted_word(name: str, value: Value) -> bool:
    return name.lower() != "token" or _TOKEN_LIKE.fullmatch(value["quoted"]) is not None


def is_like_a_token(name: str, value: Value) -> bool:
    return _TOKEN_LIKE.match(value_of(value)) is not None
