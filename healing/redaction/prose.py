"""Secrets in sentences: after the words that name them, with no sign between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from healing.redaction import languages
from healing.redaction.named import QUOTED, NamedRule
from healing.redaction.names import SecretNames
from healing.redaction.plausible import (
    Value,
    is_like_a_password,
    is_like_a_token,
    is_named_thing,
    is_no_secret,
    is_word_of_state,
    looks_like_a_password,
    looks_random,
    value_of,
)
from healing.redaction.rule import Anchored, Layer, Rule, anchors
from healing.redaction.vocabulary import word_set

_NAME = r"(?P<name>pass(?:word|wort|wd|phrase|code)|pwd?|secret(?:[ _-](?:access[ _-])?key)?|token|key|session(?: id)?)"
_NEEDLES = ("pass", "pw", "secret", "token", "key", "session")
_KEY_OWNERS = word_set(
    "api access auth encryption signing hmac aes shared master license licence service private using with session"
)
_VERB = (
    r"(?P<verb> (?:is set to|set to|(?:has been |was |is )?(?:changed|set|reset) to|is|was|of"
    r"|for (?:user )?\S{1,64} is|to|from|with|being|value|entered|provided|given|used))?"
)
_OF_SOMETHING_ELSE = word_set(
    "cache redis sort primary partition kafka message routing object s3 foreign index dict idempotency shard public "
    "unique lookup bucket job next page continuation db database spark terminal unexpected"
)
_BEFORE_A_WORD = frozenset("\"'`([{,;:>|_-")
_PASSWORDS = ("pass", "pw")
_ABROAD_WITH_WORDS = ("contraseña", "пароль", "passwort", "kennwort", "wachtwoord", "hasło", "lösenord", "senha")
_OF_OTHER_SCRIPTS = ("密码", "密碼", "口令", "パスワード", "비밀번호", "암호", "пароль", "mật khẩu", "kata sandi")
_THINGS = ("secret", "token", "key")
_SURELY = frozenset({" is", " was", " is set to", " set to"})


@dataclass(frozen=True)
class Spoken(NamedRule):
    """A NamedRule whose names are written out: they are found by their first letters."""

    def _names(self, searched: str, names: SecretNames) -> Iterator[tuple[str, str, int]]:
        for place in anchors(searched, self.needles):
            if not _may_begin(searched, place):
                continue
            found = self.patterns[0].match(searched, place)
            if found is None:
                continue
            yield found["name"] + (found["verb"] or ""), _kind(found["name"], names), found.end()


def _may_begin(text: str, place: int) -> bool:
    """A key is named by the word before it; the other names may follow a sign, but not a letter."""
    before = text[max(0, place - 14) : place].replace("_", " ").replace("-", " ").split()[-1:]
    owner = before[0] if before else ""
    if text.startswith("key", place):
        return owner in _KEY_OWNERS
    return owner not in _OF_SOMETHING_ELSE and (
        place == 0 or text[place - 1].isspace() or text[place - 1] in _BEFORE_A_WORD
    )


def _kind(name: str, names: SecretNames) -> str:
    return "session" if name == "session" else names.kind(name) or "api_key"


_ASSIGNED = re.compile(r"[a-z][a-z_]{1,40}=[^=]")


def _is_told(said: str, value: Value) -> bool:
    """Whether a sentence tells the secret: `said` is its name and the words up to it."""
    verb = next((verb for verb in _SURELY if said.endswith(verb)), None)
    if said.startswith(_THINGS) and is_named_thing(value) and not looks_random(value_of(value)):
        return False
    if value.lastgroup == "quoted":
        return verb is not None or said.startswith(_PASSWORDS) or is_like_a_token("", value)
    if said.startswith(_PASSWORDS):
        return _ASSIGNED.match(value_of(value)) is None and is_like_a_password("", value)
    return looks_random(value_of(value)) or (verb is not None and is_like_a_token("", value))


_FOR = (
    "für|fuer|von|des|de|pour|para|del|do|da|per|di|voor|van|dla|för|for|til|kullanıcısı için|для|пользователя|a|users?"
)


_IN_A_SENTENCE = (
    rf"(?i)(?:{languages.PHRASES})(?: (?:{_FOR}) [\w.@+-]{{1,64}}(?: [\w.@+-]{{1,64}})??){{0,2}}"
    rf"(?: (?:{languages.VERBS})| ?:)? ?[\"'«]?"
    r"(?P<secret>(?<=[\"'«])[^\"'»\r\n]{3,256}(?=[\"'»])|(?<= )[^\s\"'«»,;()\[\]]{4,256})"
)


def _is_told_abroad(match: re.Match[str]) -> bool:
    before = match.string[match.start() - 1 : match.start()]
    if before.isalnum() or is_no_secret(match["secret"]):
        return False
    quoted = match.string[match.start("secret") - 1] in "\"'«"
    return quoted or looks_like_a_password(match["secret"])


def _needles(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


_DIGITS = r"(?P<secret>\d(?:[ -]?\d){3,7})(?![\w-]|\.\d)"
_OWNED_CODES = _needles(
    "verification security login access one-time auth authentication confirmation 2fa mfa use enter your the"
)
_OF_CODE = "|".join(rf"(?<={owner} )" for owner in _OWNED_CODES)
_CODES = r"(?P<secret>[\w-]{4,24}(?:[ ,;]{1,3}(?=[\w-]{0,24}\d)[\w-]{4,24}){0,20})"
_MNEMONIC = r"(?P<secret>[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11,23})(?![a-z])"

ABROAD = Anchored("password", languages.NEEDLES, _IN_A_SENTENCE, _is_told_abroad)
PROSE: tuple[Layer, ...] = (
    Spoken(
        _NEEDLES,
        rf"{_NAME}{_VERB}[ \t]{{1,8}}[(\[]?",
        rf"(?:{QUOTED}|(?P<bare>(?=[^\s]{{0,64}}?[\d!@#$%^&*~+=])[^\s\"'`<>;,(){{}}\[\]]{{4,1024}}))",
        _is_told,
        folded=True,
    ),
    Rule(
        "password",
        ("[redacted:password]",),
        r"from \[redacted:password\][\"']? to [\"']?(?P<secret>(?!\[redacted)[^\s\"',;]{4,256})",
    ),
    Anchored(
        "password",
        ("password for ", "passphrase for "),
        r"(?i)pass(?:word|phrase) for [^\r\n]{1,160}?: (?P<secret>(?!\[redacted)[^\s\"',;]{4,256})",
        lambda match: not is_word_of_state(match["secret"]),
    ),
    Anchored(
        "password",
        _needles("credential login account"),
        r"(?i)(?<![\w-])(?:credentials?|login|account)(?: with| as)?[ :=]{1,2}(?!http)[\w.@+-]{1,64}"
        r"(?: / |[:/])(?P<secret>[^\s\"',;:/\[]{5,256})",
        lambda match: looks_secret(match["secret"]),
    ),
    Anchored(
        "secret",
        ("unseal key", "recovery key"),
        r"(?i)(?:unseal|recovery) keys?(?: share)? ?(?:\(\w{1,20}\)|#?\d{1,2})?(?: \([\w -]{1,30}\))?(?: is)?: ?"
        r"(?P<secret>[A-Za-z0-9+/=_-]{16,128})",
    ),
    Anchored(
        "otp",
        ("otp", "pin ", "pin:"),
        rf"(?i)(?:(?<![\w-])|(?<=(?<![\w-])t))(?<!gpio )(?:otp|pin)(?: is| was|:)? {_DIGITS}",
    ),
    Anchored(
        "otp",
        ("passcode ", "one-time password ", "2fa token "),
        rf"(?i)(?:passcode|one-time password|2fa token)(?: is| was)? {_DIGITS}",
    ),
    Anchored("otp", ("enter ", "type "), rf"(?i)(?:enter|type) {_DIGITS} to (?:verify|sign|log|confirm|continue)"),
    Anchored("otp", ("code: ",), r"(?i)(?<![\w ] )(?<![\w=])code: (?P<secret>\d{6})(?![\w.-])"),
    Anchored("card", ("cvv", "cvc"), r"(?i)(?<!\w)cv[vc]2? (?:is )?(?P<secret>\d{3,4})(?!\w)"),
    Anchored(
        "secret",
        ("secret(", "token(", "credential(", "fernet("),
        r"\w{5,10}\((?:\w{1,20}=)?b?['\"](?P<secret>[^'\"\r\n]{10,512})",
        lambda match: looks_random(match["secret"]),
    ),
    Anchored(
        "password",
        _ABROAD_WITH_WORDS,
        rf"(?i)(?:{'|'.join(_ABROAD_WITH_WORDS)})(?: [^\W\d_]{{1,20}}){{1,3}} ?[:=] ?"
        rf"(?P<secret>[^\s\"'`<>;,(){{}}\[\]]{{4,256}})",
        lambda match: looks_secret(match["secret"]) and "redacted:" not in match["secret"],
    ),
    Anchored(
        "password",
        _OF_OTHER_SCRIPTS,
        rf"(?i)(?:{'|'.join(_OF_OTHER_SCRIPTS)})[^\x00-\x7f]{{0,3}} ?[:=]? ?[「『\"']?(?P<secret>[!-~]{{5,128}})",
        lambda match: looks_secret(match["secret"]) and "redacted:" not in match["secret"],
    ),
    Anchored("otp", (" code ", " code:"), rf"(?i) (?:{_OF_CODE})code(?: is| was|:)? {_DIGITS}"),
    Anchored(
        "password", ("requirepass ", "masterauth "), r"\w{10,11} [\"']?(?P<secret>(?!\[redacted|<)[^\s\"']{1,256})"
    ),
    Rule("otp", ("is your ",), rf"(?<![\w.]){_DIGITS} is your (?i:[\w ]{{0,40}}(?:code|otp|pin|password))"),
    Anchored(
        "otp",
        _needles("recovery backup scratch rescue"),
        rf"(?i)(?:recovery|backup|scratch|rescue)[ _-]codes?[\"']?(?:[:=] ?| | are ){_CODES}",
        lambda match: any(map(str.isdigit, match["secret"])),
    ),
    Anchored(
        "password",
        _needles("seed mnemonic phrase words"),
        rf"(?i)(?:seed|mnemonic|phrase|words)(?:[ _-](?:phrase|words)){{0,2}}[\"']?(?: ?[:=] ?| is | )[\"']?"
        rf"{_MNEMONIC}",
    ),
)


def looks_secret(text: str) -> bool:
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))
