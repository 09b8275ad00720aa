"""Secrets that are known by where they stand: in URLs and in HTTP headers."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cached_property

from healing.redaction.names import SecretNames, word_set
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.rule import Rule

_WEB_SCHEME = re.compile(r"(?i)(?<![a-z])(?:https?|wss?)$")
_QUERY_NAMES = (
    "code|key|sig|signature|auth|hmac|sas|ticket|assertion|sid|session"
    "|x-amz-(?:credential|signature|security-token)|x-goog-(?:credential|signature)"
)


def _is_unmasked(match: re.Match[str]) -> bool:
    return PLACEHOLDER.fullmatch(match["secret"]) is None and match["secret"].strip("*") != ""


def _is_of_a_dsn(match: re.Match[str]) -> bool:
    """Web addresses may have an at sign in their path; those of databases and brokers have none after the host."""
    return _WEB_SCHEME.search(match.string, max(0, match.start() - 8), match.start()) is None


def _is_random(match: re.Match[str]) -> bool:
    secret = match["secret"]
    if len(secret) >= 24:
        return True
    mixed = any(map(str.isupper, secret[1:])) and any(map(str.islower, secret))
    return (mixed or any(map(str.isdigit, secret))) and not secret.isdigit()


def _is_opaque(match: re.Match[str]) -> bool:
    return len(match["secret"]) >= 16 and any(map(str.isdigit, match["secret"]))


URLS = (
    Rule(
        "password",
        ("@",),
        r"://[^\s:/@\"'<>]{0,128}:(?P<secret>(?:(?!://)[^\s\"'<>]){1,256})@",
        lambda match: _is_of_a_dsn(match) and _is_unmasked(match),
    ),
    Rule("password", ("@",), r"://[^\s:/?#@\"'<>]{0,128}:(?P<secret>[^\s\"'<>/?#]{1,256})@", _is_unmasked),
    Rule(
        "password",
        ("@",),
        r"://[^\s:/?#@\"'<>]{1,128}:(?!\d{1,5}[/?#])(?P<secret>[^\s\"'<>@]{1,256})"
        r"@(?=[\w.-]{1,253}(?::\d{1,5})?(?:[/?#\"'\s]|$))",
        _is_unmasked,
    ),
    Rule("token", ("@",), r"://(?P<secret>[\w.~-]{16,256})(?=@)", _is_random),
    Rule("token", ("=",), rf"(?i)[?&;](?:amp;)?(?:{_QUERY_NAMES})=(?P<secret>[\w%~+=-]{{8,2048}})", _is_opaque),
)

_NO_CREDENTIALS = word_set(
    "required missing denied failed failure invalid error none null true false header headers expired is was not "
    "must should has and or for"
)
_SCHEMES = (
    "bearer|basic|token|negotiate|ntlm|api-?key|key|mac|aws|sharedkey(?:lite)?|genie-?key|ssws|jwt|splunk|bot|kerberos"
    "|digest|hawk|oauth|signature|hmac[\\w-]{0,20}|aws4-hmac-sha256"
)
_VALUE_BEGINS = r"[ \t]{0,3}(?:b(?=[\\\"']))?\\{0,3}(?:(?!\[redacted:)[\"'\[(]){0,2}"
_AFTER_AUTHORIZATION = (
    rf"(?:\\{{0,3}}[\"']\]?[ \t]{{0,3}}(?:=>|[:=,])|[ \t]{{0,3}}(?:=>|[:=])){_VALUE_BEGINS}"
    rf"(?:(?:{_SCHEMES})[ \t]{{1,3}})?"
)


def _is_credential(match: re.Match[str]) -> bool:
    first = match["secret"].split(" ", 1)[0].lower().rstrip(".,:;")
    return first not in _NO_CREDENTIALS and PLACEHOLDER.match(match["secret"]) is None


def _is_basic(match: re.Match[str]) -> bool:
    """Decoded, it is `user:password`, or the beginning of one."""
    encoded = match["secret"].rstrip("=")
    try:
        decoded = base64.b64decode(encoded[: len(encoded) // 4 * 4]).decode()
    except (ValueError, UnicodeDecodeError):
        return False
    return decoded.isprintable() and (":" in decoded or any(map(str.isdigit, encoded)))


@dataclass(frozen=True)
class CookieRule:
    """The values of cookies, by their header; names of cookies and attributes of Set-Cookie stay."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        one = (
            r"(?:expires=[^;\"'\r\n]{0,40}|httponly|secure|partitioned"
            r"|[\w!#$%&*+.^|~-]{1,128}=(?:\"[^\"\r\n]{0,4096}\"?|[^;,\s\"']{0,4096}))"
        )
        header = (
            rf"(?i)(?<![\w])(?:set-)?cookie2?(?:\\{{0,3}}[\"']\]?[ \t]{{0,3}}[:=,]|[ \t]{{0,3}}[:=]){_VALUE_BEGINS}"
            rf"(?P<jar>{one}(?:[;,][ ]{{0,2}}{one}){{0,60}})"
        )
        pair = (
            r"(?i)(?<![\w!#$%&*+.^|~-])(?!(?:expires|path|domain|max-age|samesite|priority|version|comment)=)"
            r"([\w!#$%&*+.^|~-]{1,128})=(\"[^\"\r\n]{1,4096}\"?|[^;,\s\"']{1,4096})"
        )
        return re.compile(header), re.compile(pair)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if "cookie" not in lowered:
            return text
        return self.patterns[0].sub(self._header, text)

    def _header(self, match: re.Match[str]) -> str:
        return match[0][: match.start("jar") - match.start()] + self.jar(match["jar"])

    def jar(self, jar: str) -> str:
        return self.patterns[1].sub(rf"\1={placeholder('cookie')}", jar)


COOKIES = CookieRule()
HEADERS = (
    Rule(
        "authorization",
        ("authorization",),
        rf"(?i)[Aa](?<![A-Za-z].)uthorization{_AFTER_AUTHORIZATION}"
        r"(?P<secret>[\w-]{1,40}=(?=[\"\w])(?:[^\r\n\"']|\"[^\"\r\n]{0,256}\"){1,1024}"
        r"|(?:[a-z-]{2,20} (?=[^\s]{0,200}\d))?[^\s\"'<>,;\\)}]{1,4096})",
        _is_credential,
    ),
    COOKIES,
    Rule("cookie", ("cookie",), r"(?i)(?<![\w])cookie: ?(?P<secret>[^\s\"';,=]{8,4096})(?![=\w])", _is_random),
    Rule("cookie", ("<cookie ",), r"<Cookie [^\s=<>]{1,128}=(?P<secret>[^\s<>]{1,4096}) for "),
)
COMMANDS = (
    Rule(
        "password",
        ("curl", "wget"),
        r"-(?<=\s-)(?:u|-user)[ =]?['\"]?[^\s:'\"]{1,64}:(?P<secret>[^\s'\"]{1,256})",
        _is_unmasked,
    ),
    Rule(
        "password",
        ("mysql", "mariadb"),
        r"-p(?<=\s-p)(?!\d{1,5}(?:[:\s]|$))(?P<secret>[^\s-][^\s]{0,255})(?![^\s])",
        _is_unmasked,
    ),
    Rule("password", ("sshpass",), r"\bsshpass\s{1,3}-p\s{0,3}['\"]?(?P<secret>[^\s'\"]{1,255})", _is_unmasked),
    Rule("credentials", ("auth ",), r"(?i)\bauth (?:plain|login)\s(?P<secret>[A-Za-z0-9+/]{8,512}={0,2})"),
    Rule(
        "otp",
        ("otp ", "pin ", "code "),
        r"(?i)\b(?:t?otp|pin|(?:verification|security|login|access|one-time|auth|authentication) code)"
        r"(?: is| was)? (?P<secret>\d{4,8})(?![\w.-])",
    ),
)
BARE_SCHEMES = (
    Rule(
        "api_key",
        ("key ",),
        r"(?i)(?<![\w-])api-?key[ ]{1,3}(?P<secret>[^\s\"'<>,;]{8,4096})",
        lambda match: _is_unmasked(match) and any(map(str.isdigit, match["secret"])),
    ),
    Rule(
        "bearer",
        ("bearer",),
        r"[Bb](?<![\w-].)(?i:earer)[ ]{1,3}\\{0,2}[\"']?(?P<secret>[\w.~+/=:-]{8,4096})",
        _is_random,
    ),
    Rule("token", ("token ",), r"(?i)(?<![\w-])token (?P<secret>[\w.~+/=-]{16,4096})(?![\w(])", _is_opaque),
    Rule("basic", ("basic ",), r"(?i)(?<![\w-])basic[ ]{1,3}(?P<secret>[A-Za-z0-9+/]{8,4096}={0,2})", _is_basic),
)
_SCHEME_AND_SECRET = re.compile(rf"(?i)({_SCHEMES})[ \t]{{1,3}}\S")


def authorization_value(value: str) -> str:
    """The value of an Authorization header, its scheme kept."""
    scheme = _SCHEME_AND_SECRET.match(value)
    hidden = placeholder("authorization")
    return f"{scheme[1]} {hidden}" if scheme else hidden


def cookie_value(value: str) -> str:
    """The value of a Cookie or Set-Cookie header, its names and attributes kept."""
    return COOKIES.jar(value) if "=" in value else placeholder("cookie")
