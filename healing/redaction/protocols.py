"""Secrets by their place: in the lines of protocols, in the arguments of well-known functions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from healing.forks import cached_property
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.plausible import is_no_secret, looks_like_a_password
from healing.redaction.rule import Anchored, Headed, Layer, Rule, anchors

_BREAK = r"(?:\\{1,2}r\\{1,2}n|\\{1,2}n|\r?\n)"
_ARGUMENT = re.compile(
    r"\s{0,20}(?:[A-Za-z_]\w{0,40}\s?[=:]\s?)?[bBrRuUfNE]{0,2}(?P<quote>\\{0,3}['\"])"
    r"(?P<literal>(?:(?!(?P=quote))[^\r\n]){0,1024})(?P=quote)|\s{0,20}(?P<other>[\w.:/*&$\[\]-]{1,128})"
)

_FUNCTIONS = {
    1: "login httpbasicauth httpdigestauth httpproxyauth httpntlmauth basicauth basic_auth authenticate bind"
    " simple_bind_s"
    " simple_bind auth_plain aes_encrypt aes_decrypt pgp_sym_encrypt pgp_sym_decrypt plaincredentials userpass"
    " usernamepassword plainauthenticator plaincredential networkcredential usernamepasswordcredential"
    " passwordauthentication login_user check_login signin sign_in log_in",
    0: "set_password setpassword check_password checkpassword make_password hash_password hashpw verify_password"
    " encrypt_password decrypt_password generate_password_hash check_password_hash set_master_password secretstr"
    " secretbytes secretvalue",
    2: "s3 gcs deltalake iceberg hudi oss cosn getconnection mysqli mysqli_connect mysql_connect ftp_login ftp"
    " ssh2_auth_password ldap_bind create_user create_superuser clientsecretcredential boto_connect"
    " connect",
    3: "s3cluster sendgrid_login",
    4: "mysql postgresql mongodb remote remotesecure azureblobstorage",
}
_PLACES = {name: place for place, listed in _FUNCTIONS.items() for name in listed.split()}
_KEYED_STORES = frozenset({"s3", "gcs", "deltalake", "iceberg", "hudi", "oss", "cosn", "s3cluster"})
_WIDE = frozenset({"remote", "mysql", "postgresql", "mongodb", "azureblobstorage", "ftp", "bind"})
_SENTENCE = re.compile(r"\S{1,60}(?: \S{1,60}){3,60}")


class ArgumentRule:
    """`login('bob', 'x')`, `s3('url', 'id', 'x')`: the literal at the place where the function takes its secret."""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return re.compile(r"[ ]?(\w{1,40})"), _ARGUMENT

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        places = anchors(lowered, ("(",))
        return "".join(self._pieces(text, lowered, places)) if places else text

    def _pieces(self, text: str, lowered: str, places: list[int]) -> Iterator[str]:
        done = 0
        for opening in places:
            called = self.patterns[0].match(lowered[max(0, opening - 41) : opening][::-1])
            function = "" if called is None else called[1][::-1]
            if opening < done or function not in _PLACES:
                continue
            secret = self._argument(text, opening + 1, _PLACES[function])
            if secret is not None and _is_argument(function, secret["literal"]):
                yield text[done : secret.start("literal")] + placeholder("password")
                done = secret.end("literal")
        yield text[done:]

    def _argument(self, text: str, at: int, place: int) -> re.Match[str] | None:
        for _ in range(place):
            argument = self.patterns[1].match(text, at)
            if argument is None or text[argument.end() : argument.end() + 1] != ",":
                return None
            at = argument.end() + 1
        found = self.patterns[1].match(text, at)
        return found if found is not None and found["literal"] else None


def _is_argument(function: str, literal: str) -> bool:
    if is_no_secret(literal) or _SENTENCE.fullmatch(literal):
        return False
    if function in _KEYED_STORES:
        return " " not in literal and (len(literal) >= 16 or any(map(str.isdigit, literal)))
    if function in {"connect", "authenticate", "bind"}:
        return looks_like_a_password(literal)
    return function not in _WIDE or len(literal) >= 3


def _is_word_of_its_own(match: re.Match[str]) -> bool:
    return not is_no_secret(match["secret"]) and PLACEHOLDER.search(match["secret"]) is None


_MEASURED = re.compile(r"\d[\d.,]{0,20}[a-z%]{0,4}")


def _is_sent(match: re.Match[str]) -> bool:
    secret = match["secret"]
    return (
        looks_like_a_password(secret) and "/" not in secret and not _MEASURED.fullmatch(secret) and "[red" not in secret
    )


_QUOTED_WORD = r"\\{0,3}[\"'](?P<secret>[^\"'\\\r\n]{1,512})"

LINES: tuple[Headed, ...] = (
    Anchored(
        "password",
        ('"auth" ',),
        rf"(?i)\"auth\" (?:\"[^\"\r\n]{{1,128}}\" (?=\"))?{_QUOTED_WORD}\"",
        _is_word_of_its_own,
    ),
    Anchored(
        "password",
        ('"auth2" ', '"setuser" ', '"requirepass" ', '"masterauth" ', '"sentinel auth-pass"', '"sentinel-pass" '),
        r"(?i)\"[\w-]{5,20}\" (?:\"[^\"\r\n]{1,128}\" (?:\"[^\"\r\n>]{1,64}\" ){0,4})??\">?"
        r"(?P<secret>[^\"\r\n]{1,512})\"(?=\s|$|\.|\)| \"[~+&-])",
        _is_word_of_its_own,
    ),
    Anchored(
        "password",
        ("auth ",),
        r"(?i)auth(?<![\w.-].{4}) (?:[\w.@-]{1,64} )?(?P<secret>[^\s\"'\\,;:()]{5,512})(?=$|[\r\n\"'\\`])",
        _is_sent,
    ),
    Anchored(
        "password", ("setuser ",), r"(?i)setuser [\w.@-]{1,64} (?:[^\s\">]{1,64} ){0,6}>(?P<secret>[^\s\"']{1,512})"
    ),
    Anchored(
        "credentials",
        (
            "auth xoauth2 ",
            "auth oauthbearer ",
            "auth external ",
            "auth cram-md5 ",
            "auth ntlm ",
            "authenticate plain ",
            "authenticate xoauth2 ",
            "authenticate oauthbearer ",
            "auth scram-sha",
            "authenticate login ",
        ),
        r"(?i)auth(?:enticate)? [\w-]{4,16}\s(?P<secret>[A-Za-z0-9+/_-]{8,4096}={0,2})",
    ),
    Anchored(
        "password",
        ("pass ", "identify "),
        r"(?:PASS(?<![\w-].{4})|IDENTIFY(?<![\w-].{8}))[ ]:?(?P<secret>[^\s\"'\\]{3,256})(?=$|[\r\n\"'\\])",
        _is_sent,
    ),
    Rule(
        "password",
        (" login ",),
        r"(?:^|[\r\n'\"> ])[A-Za-z]{1,6}\d{1,8} LOGIN \\{0,3}\"?[\w.@+-]{1,128}\\{0,3}\"? "
        r"\\{0,3}\"?(?P<secret>[^\s\"'\\]{1,256})",
        _is_word_of_its_own,
    ),
    Rule(
        "password",
        ("machine ", "default "),
        r"(?:machine [\w.-]{1,128}|default)\s{1,8}login \S{1,128}\s{1,8}(?:account \S{1,64}\s{1,8})?"
        r"password (?P<secret>\S{1,256})",
        _is_word_of_its_own,
    ),
    Anchored(
        "password",
        ("sp_addlogin ", "sp_password ", "sp_addlinkedsrvlogin ", "sp_setapprole "),
        r"(?i)sp_\w{5,20} (?:(?:@\w{1,40} ?= ?)?N?'[^'\r\n]{0,128}', ?){0,3}(?:@\w{1,40} ?= ?)?N?'"
        r"(?P<secret>[^'\r\n]{1,256})'(?! ?,)",
        _is_word_of_its_own,
    ),
    Anchored(
        "password",
        (
            "snmp-server community ",
            "isakmp key ",
            "tacacs-server key ",
            "radius-server key ",
            "enable password ",
            "enable secret ",
            "key-string ",
            "pre-shared-key ",
            "wpa-psk ascii ",
        ),
        r"(?i)[a-z-]{4,16}(?: (?:community|key|password|secret|ascii(?:-text)?))?"
        r"(?: (?:address|local|remote) \S{1,40})?"
        r" (?:\d )?[\"']?(?P<secret>(?!\[redacted|<)[^\s\"']{3,256})",
        _is_word_of_its_own,
    ),
    Anchored(
        "password",
        (
            "password 0 ",
            "password 5 ",
            "password 7 ",
            "secret 5 ",
            "secret 8 ",
            "secret 9 ",
            "key 7 ",
            "key 6 ",
            "key 0 ",
        ),
        r"(?i)(?:password|secret|key) \d (?P<secret>[^\s\"']{5,256})(?=$|[\s\"'])",
        lambda match: looks_like_a_password(match["secret"]),
    ),
)
_NUL = r"(?:\\x00|\\0|\\u0000|\ufffd)"
OTHER_LINES: tuple[Layer, ...] = (
    ArgumentRule(),
    Anchored(
        "password",
        ("auth\\r\\n", "auth\r\n", "auth\n"),
        rf"(?i)auth{_BREAK}(?:\$\d{{1,4}}{_BREAK}[\w.@-]{{1,64}}{_BREAK}(?=\$\d))?\$\d{{1,4}}{_BREAK}(?P<secret>[^\s\"'\\]{{1,512}})",
        _is_word_of_its_own,
    ),
    Rule(
        "password",
        ("psk ", "eap ", "xauth "),
        r":[ \t]{1,4}(?:PSK|EAP|XAUTH|NTLM)[ \t]{1,4}[\"']?(?P<secret>(?<=[\"'])[^\"'\r\n]{1,256}|[^\s\"']{4,256})",
        _is_word_of_its_own,
    ),
    Rule(
        "password",
        (":54", ":6432:", ":*:"),
        r"(?m)(?:^|(?<=[\s'\"`]))[\w.*-]{1,128}:(?:\d{4,5}|\*):[\w*-]{1,64}:[\w.*-]{1,64}:(?P<secret>[^\s'\"]{1,256})$",
        _is_word_of_its_own,
    ),
    Rule(
        "password",
        ("ugfzc3dvcmq6",),
        r"UGFzc3dvcmQ6\W{1,16}(?:(?:C|send|->|client)\W{1,4})?b?['\"]?(?P<secret>[A-Za-z0-9+/]{4,512}={0,2})",
    ),
    Rule(
        "password",
        ("x00", "\\0", "\\u0000", "\ufffd"),
        rf"{_NUL}[\w.@-]{{1,64}}{_NUL}(?P<secret>[^\s'\"\\]{{3,128}})(?=$|['\"\s\\])",
        lambda match: looks_like_a_password(match["secret"]),
    ),
)
