"""Secrets that are known by where they stand: in URLs and in HTTP headers."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from healing.forks import cached_property
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.plausible import is_mask, is_opaque_key
from healing.redaction.rule import Anchored, Layer, Rule, anchors
from healing.redaction.vocabulary import word_set

_WEB_SCHEME = re.compile(r"(?i)(?<![a-z])(?:https?|wss?)$")
_QUERY_NAMES = (
    "code|key|appid|sig|signature|auth|hmac|sas|ticket|assertion|sid|session"
    "|x-amz-(?:credential|signature|security-token)|x-goog-(?:credential|signature)"
)


_STANDS_FOR = re.compile(
    r"[xX.#]{3,64}|PASS(?:WORD|WD)?|PWD|SECRET|TOKEN|\$\{?[A-Z_]{2,64}\}?|<[\w -]{1,40}>|\{\w{1,40}\}"
)


def _is_unmasked(match: re.Match[str]) -> bool:
    secret = match["secret"]
    return PLACEHOLDER.fullmatch(secret) is None and secret.strip("*") != "" and not _STANDS_FOR.fullmatch(secret)


def _is_of_a_dsn(match: re.Match[str]) -> bool:
    """Web addresses may have an at sign in their path; those of databases and brokers have none after the host."""
    return _WEB_SCHEME.search(match.string, max(0, match.start() - 8), match.start()) is None


_ASSIGNED = re.compile(r"[a-z][a-z_]{1,40}=[^=]")


def _is_random(match: re.Match[str]) -> bool:
    secret = match["secret"]
    if _ASSIGNED.match(secret):
        return False
    if len(secret) >= 24:
        return True
    mixed = any(map(str.isupper, secret[1:])) and any(map(str.islower, secret))
    return (mixed or any(map(str.isdigit, secret))) and not secret.isdigit()


def _is_told_apart(secret: str) -> bool:
    """Has letters and digits, as names of packages before their version have not."""
    return any(map(str.isdigit, secret)) and any(map(str.isalpha, secret)) and not secret.startswith("v")


_NO_ACCOUNTS = ("http://", "https://", "npm", "docker", "xmpp", "sip", "mailto", "acct", "matrix")


def _is_account(match: re.Match[str]) -> bool:
    """`CORP/bob:secret@host`: the part before is a name, no address of the web."""
    before = match.string[max(0, match.start() - 80) : match.start()].split()[-1:]
    return bool(before) and not before[0].startswith(_NO_ACCOUNTS)


def _is_signature(match: re.Match[str]) -> bool:
    return (_is_unmasked(match) and any(map(str.isdigit, match["secret"]))) or len(match["secret"]) >= 24


def _is_opaque(match: re.Match[str]) -> bool:
    return len(match["secret"]) >= 16 and any(map(str.isdigit, match["secret"]))


_NO_ACCOUNT = word_set(
    "mailto sip sips xmpp ssh to from cc bcc user email mail reply-to http https git author committer sender recipient"
    " by contact image tag digest sha256 file port host server"
)


class Nameless:
    """`user:password@host:5432/db` without a scheme, and Oracle's `user/password@//host`."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return (
            re.compile(
                r"@(?:[\w-]{1,63}\.){0,6}[\w-]{1,63}(?::\d{2,5}(?!\d)|/[\w-]|(?:[\w-]{1,63}\.)[a-z]{2,24}\Z)"
                r"|@(?:tcp|udp|unix|cloudsql)\("
            ),
            re.compile(r"@(?://|\(DESCRIPTION|(?:[\w-]{1,63}\.){0,6}[\w-]{1,63}(?::\d{2,5}/|$|[\s\"']))"),
            re.compile(r"(?P<terces>[^\s\"'@,:/<>(){}]{4,128}):(?P<resu>[\w.-]{1,64})(?=$|[\s\"'=(,;`])"),
            re.compile(r"(?P<terces>[^\s\"'@/<>]{1,128})/(?P<resu>[\w$#]{1,64})(?=$|[\s\"'=(,;`])"),
        )

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        places = anchors(lowered, ("@",))
        return "".join(self._pieces(text, places)) if places else text

    def _pieces(self, text: str, places: list[int]) -> Iterator[str]:
        done = 0
        for place in places:
            length = self._length(text, max(done, place - 200), place)
            if length:
                yield text[done : place - length] + placeholder("password")
                done = place
        yield text[done:]

    def _length(self, text: str, start: int, place: int) -> int:
        """How many characters before the sign are a secret."""
        hosted, oracle, account, slashed = self.patterns
        is_hosted, is_oracle = hosted.match(text, place), oracle.match(text, place)
        if is_hosted is None and is_oracle is None:
            return 0
        mirrored = text[start:place][::-1]
        found = account.match(mirrored) if is_hosted else None
        if found is not None and found["resu"][::-1].lower() not in _NO_ACCOUNT and _is_mixed(found["terces"]):
            return found.end("terces")
        found = slashed.match(mirrored) if is_oracle else None
        return found.end("terces") if found is not None and _is_mixed(found["terces"]) else 0


def _is_mixed(mirrored: str) -> bool:
    if mirrored.startswith("]") or is_mask(mirrored) or mirrored[::-1].startswith("$"):
        return False
    return not mirrored.isalpha() and not mirrored.isdigit() and any(map(str.isalpha, mirrored))


URLS: tuple[Layer, ...] = (
    Rule(
        "password",
        ("@",),
        r"://(?:\[redacted:[a-z_]{1,30}\]|[^\s:/@\"'<>\[]){0,128}:(?P<secret>(?:(?!://)[^\s\"'<>]){1,256})@",
        lambda match: _is_of_a_dsn(match) and _is_unmasked(match),
    ),
    Rule(
        "password",
        ("@",),
        r"://(?:\[redacted:[a-z_]{1,30}\]|[^\s:/?#@\"'<>\[]){0,128}:(?P<secret>[^\s\"'<>/?#]{1,256})@",
        _is_unmasked,
    ),
    Rule(
        "password",
        ("@",),
        r"://(?:\[redacted:[a-z_]{1,30}\]|[^\s:/?#@\"'<>\[]){1,128}:(?!\d{1,5}[/?#])(?P<secret>[^\s\"'<>@]{1,256})"
        r"@(?=[\w.-]{1,253}(?::\d{1,5})?(?:[/?#\"'\s]|$))",
        _is_unmasked,
    ),
    Anchored("token", ("://",), r"://(?P<secret>[\w.~-]{16,256})(?=@|:\[redacted)", _is_random),
    Anchored(
        "password",
        ("://",),
        r"://(?:\[redacted:[a-z_]{1,30}\]|[^\s:/?#@\"'<>\[]){0,128}:(?!\d{1,5}(?!\w)|\[redacted|(?i:port)\b)"
        r"(?P<secret>[^\s/?#\"'<>…,;)(\[\]{}$]{3,256}?)(?=\.\.\.|…|[\"']?$)",
        _is_of_a_dsn,
    ),
    Anchored("telegram_token", ("/bot",), r"/bot\d{6,12}:(?P<secret>[\w-]{16,64})"),
    Anchored(
        "password",
        ("//",),
        r"//(?<=[\w\"' =(]//)(?P<user>[^\s:/?#@\"'<>\[]{1,128}):(?P<secret>[^\s\"'<>/@]{1,256})@(?=[\w.-]{1,253})",
        _is_unmasked,
    ),
    Nameless(),
    Anchored(
        "webhook",
        ("hooks.zapier.com/", "hook.make.com/", "maker.ifttt.com/", "hook.integromat.com/"),
        r"(?i)(?:hooks\.zapier\.com/hooks/catch|hook\.(?:\w{2,4}\.)?(?:make|integromat)\.com|maker\.ifttt\.com/[\w/]{1,60}/key)"
        r"/(?P<secret>[\w/-]{6,120}[\w-])",
    ),
    Anchored(
        "password", ("//",), r"(?<!:)//[^\s:/@\"'<>\[]{1,64}:(?P<secret>[^\s\"'<>/@\[]{1,256})@(?=[\w.-])", _is_unmasked
    ),
    Rule(
        "password",
        ("@",),
        r"[:](?<=\w:)(?P<secret>(?!\[redacted)[^\s\"'<>/@:,;(){}\[\]]{5,128})@(?!sha\d)"
        r"(?=\d{1,3}(?:\.\d{1,3}){3}(?!\w)|[A-Za-z][\w.-]{1,253}(?::\d{2,5}|[/\s'\"]|$))",
        lambda match: _is_told_apart(match["secret"]) and _is_account(match),
    ),
    Rule("otp", ("code=", "otp=", "pin="), r"(?i)(?:[?&]|\bsms |\b2fa )(?:code|otp|pin)=(?P<secret>\d{6})(?!\w)"),
    Rule(
        "signature",
        ("sig=", "signature="),
        r"(?i)(?:^|[?&;\s\"'])(?:sig|signature)=(?P<secret>[\w%~+/=-]{12,2048})",
        _is_signature,
    ),
    Anchored("signature", ("v1=",), r"v1=(?<![\w-]...)(?P<secret>[0-9a-f]{32,128})(?!\w)"),
    Rule(
        "password",
        ("={",),
        r"(?i)(?<![\w.-])(?:pwd|password)=\{(?P<secret>(?:[^{}\r\n]|\}\}|(?<!=)\{)"
        r"{1,256})\}(?=[;\s\"'\])]|$)",
        lambda match: not match["secret"].isidentifier() and not match["secret"].startswith("[redacted"),
    ),
    Rule("token", ("=",), rf"(?i)[?&;](?:amp;)?(?:{_QUERY_NAMES})=(?P<secret>[\w%~+=-]{{8,2048}})", _is_opaque),
)

_NO_CREDENTIALS = word_set(
    "required missing denied failed failure invalid error none null true false header headers expired is was not "
    "must should has and or for secure redacted hidden masked filtered removed"
)
_SCHEMES = (
    "bearer|basic|token|negotiate|ntlm|api-?key|key|mac|aws|sharedkey(?:lite)?|genie-?key|ssws|jwt|splunk|bot|kerberos"
    "|digest|hawk|oauth|signature|hmac[\\w-]{0,20}|aws4-hmac-sha256|sharedaccesssignature"
)
_VALUE_BEGINS = r"[ \t]{0,3}(?:[bfr](?=[\\\"']))?\\{0,3}(?:(?!\[redacted:)[\"'\[(]){0,2}"
_AFTER_AUTHORIZATION = (
    rf"(?:\\{{0,3}}[\"']\]?[ \t]{{0,3}}(?:=>|[:=,])(?! ?value=)|[ \t]{{0,3}}(?:=>|[:=])){_VALUE_BEGINS}"
    rf"(?:(?:{_SCHEMES})[ \t]{{1,3}})?"
)


_SCHEME = re.compile(_SCHEMES)


def _is_credential(match: re.Match[str]) -> bool:
    first = match["secret"].split(" ", 1)[0].lower().rstrip(".,:;])\"'")
    if is_mask(match["secret"]) or match["secret"].startswith(("{", "$")) or _SCHEME.fullmatch(first):
        return False
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

    needles = ("cookie",)

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        one = (
            r"(?:expires=[^;\"'\r\n]{0,40}|httponly|secure|partitioned"
            r"|[\w!#$%&*+.^|~-]{1,128}=(?:\"[^\"\r\n]{0,4096}\"?|[^;,\s\"']{0,4096}))"
        )
        header = (
            rf"(?i)(?:(?<!\w)|(?<=set[-_])|(?<=http_))cookie2?"
            rf"(?:\\{{0,3}}[\"']\]?[ \t]{{0,3}}[:=,]|[ \t]{{0,3}}[:=]){_VALUE_BEGINS}"
            rf"(?P<jar>{one}(?:[;,][ ]{{0,2}}{one}){{0,60}})"
        )
        pair = (
            r"(?i)(?<![\w!#$%&*+.^|~-])(?!(?:expires|path|domain|max-age|samesite|priority|version|comment)=)"
            r"([\w!#$%&*+.^|~-]{1,128})=(\"[^\"\r\n]{1,4096}\"?|[^;,\s\"']{1,4096})"
        )
        return re.compile(header), re.compile(pair)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        places = anchors(lowered, ("cookie",))
        return "".join(self._pieces(text, places)) if places else text

    def _pieces(self, text: str, places: list[int]) -> Iterator[str]:
        done = 0
        for place in places:
            header = self.patterns[0].match(text, place) if place >= done else None
            if header is not None:
                yield text[done : header.start("jar")] + self.jar(header["jar"])
                done = header.end()
        yield text[done:]

    def jar(self, jar: str) -> str:
        return self.patterns[1].sub(rf"\1={placeholder('cookie')}", jar)


COOKIES = CookieRule()
HEADERS: tuple[Layer, ...] = (
    Anchored(
        "authorization",
        ("authorization",),
        rf"(?i)a(?<![A-Za-z].)uthorization{_AFTER_AUTHORIZATION}"
        r"(?P<secret>[\w-]{1,40}=(?=[\"\w])(?:[^\r\n\"']|\"[^\"\r\n]{0,256}\"){1,1024}"
        r"|(?:[a-z-]{2,20} (?=[^\s]{0,200}\d))?[^\s\"'<>,;\\)}]{1,4096})",
        _is_credential,
    ),
    COOKIES,
    Anchored("cookie", ("cookie:",), r"(?i)(?<![\w])cookie: ?(?P<secret>[^\s\"';,=]{8,4096})(?![=\w])", _is_random),
    Rule("cookie", ("<cookie ",), r"<Cookie [^\s=<>]{1,128}=(?P<secret>[^\s<>]{1,4096}) for "),
)
BARE_SCHEMES: tuple[Layer, ...] = (
    Anchored(
        "api_key",
        ("apikey ", "api-key "),
        r"(?i)(?<![\w-])api-?key[ ]{1,3}(?P<secret>[^\s\"'<>,;]{8,4096})",
        lambda match: _is_unmasked(match) and any(map(str.isdigit, match["secret"])),
    ),
    Anchored(
        "bearer",
        ("bearer ",),
        r"[Bb](?<![\w-].)(?i:earer)[ ]{1,3}\\{0,2}[\"']?(?P<secret>[\w.~+/=:-]{8,4096})",
        _is_random,
    ),
    Anchored("token", ("token ",), r"(?i)(?<![\w-])token (?P<secret>[\w.~+/=-]{16,4096})(?![\w(])", _is_opaque),
    Anchored("basic", ("basic ",), r"(?i)(?<![\w-])basic[ ]{1,3}(?P<secret>[A-Za-z0-9+/]{8,4096}={0,2})", _is_basic),
)
KEYS: tuple[Layer, ...] = (
    Rule(
        "api_key",
        ("primary", "secondary", "key1", "key2", "keyname"),
        r"(?P<name>(?i:primary|secondary)[_-]?(?i:master)?[_-]?[Kk]ey|\b[Kk]ey_?[12]|\bvalue)[\"']?\s?[:=]\s?[\"']?"
        r"(?P<secret>[A-Za-z0-9+/_-]{32,128}={0,2})(?![\w-])",
        lambda match: is_opaque_key(match["name"], match["secret"]),
    ),
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
