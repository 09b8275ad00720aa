"""Secrets on command lines: the short flags of well-known tools, in a shell's words or in a list's."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass

from healing.forks import cached_property
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.plausible import is_mask, is_no_secret
from healing.redaction.rule import Anchored, Headed, Layer, Rule

_REACH = 300
"""Characters before a flag in which its command is looked for."""
_BETWEEN = r"(?:[ =]{1,3}['\"]?|['\"], ?b?['\"])"
_VALUE = r"(?P<secret>(?<=['\"])[^'\"\r\n]{1,256}|[^\s'\",]{1,256})"
_WORD = r"[^\s'\",]{1,128}"
_GAP = r"(?:['\"]?,?[ \t]{1,4}['\"]?)"


def _is_shown(match: re.Match[str]) -> bool:
    return PLACEHOLDER.search(match["secret"]) is None and not is_mask(match["secret"])


@dataclass(frozen=True)
class FlagRule:
    """A flag is a secret's where it follows its command on the same line. `needles` are those of the command."""

    kind: str
    needles: tuple[str, ...]
    command: str
    flag: str

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return re.compile(self.command), re.compile(self.flag)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if not any(word in lowered for word in self.needles):
            return text
        commands = [found.start() for found in self.patterns[0].finditer(lowered)]
        return self.patterns[1].sub(lambda match: self._hidden(match, commands), text) if commands else text

    def _hidden(self, match: re.Match[str], commands: list[int]) -> str:
        place = bisect(commands, match.start()) - 1
        near = place >= 0 and match.start() - commands[place] <= _REACH
        if not near or not _is_shown(match) or "\n" in match.string[commands[place] : match.start()]:
            return match[0]
        start, end = match.start("secret") - match.start(), match.end("secret") - match.start()
        return f"{match[0][:start]}{placeholder(self.kind)}{match[0][end:]}"


_FLAGS_BEGIN = (" -", "'-", '"-', "\t-", " /p:")


class FlagTable:
    """Flags of commands, looked for only where the text has a flag at all."""

    needles = _FLAGS_BEGIN

    def __init__(self, *rules: FlagRule) -> None:
        self.rules = rules

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern for rule in self.rules for pattern in rule.patterns)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if not any(begun in lowered for begun in _FLAGS_BEGIN):
            return text
        for rule in self.rules:
            text = rule.apply(text, lowered, names)
        return text


def _separate(words: str, command: str, flag: str) -> FlagRule:
    """The value is the word after the flag."""
    needles = tuple(words.split())
    return FlagRule("password", needles, rf"\b(?:{command})", rf"{flag}(?<![^\s'\"].{{2}}){_BETWEEN}(?!-){_VALUE}")


def _worded(words: str, command: str, flag: str) -> FlagRule:
    """A flag of more than a letter; `flag` ends with what stands between."""
    return FlagRule("password", tuple(words.split()), rf"\b(?:{command})\b", rf"(?<![\w-]){flag}{_VALUE}")


def _glued(words: str, command: str, flag: str = "-p") -> FlagRule:
    value = r"['\"]?(?!\d{1,5}(?:[:\s]|$))(?P<secret>[^\s'\",=-][^\s'\"]{0,255})"
    return FlagRule("password", tuple(words.split()), command, rf"{flag}(?<![^\s'\"].{{{len(flag)}}}){value}")


_PARTS = {
    "*": _WORD,
    "-*": rf"(?:-{{1,2}}[\w-]{{1,30}}(?:=[^\s'\",]{{1,128}})?{_GAP}){{0,5}}",
    "..": rf"(?:{_WORD}{_GAP}){{0,8}}?",
    "!": r"(?![/-]|\[redacted)" + _VALUE,
}


def _form(form: str) -> str:
    """`*` stands for any word, `-*` for options, `..` for a few words, `!` for the secret."""
    parts = form.split(" ")
    gaps = [("" if part in {"-*", ".."} else _GAP) for part in parts[:-1]]
    return "".join(_part(part) + gap for part, gap in zip(parts, [*gaps, ""], strict=True))


def _part(part: str) -> str:
    return part[:-1] + _PARTS["!"] if part[-1:] == "!" else _PARTS.get(part, part)


def _placed(needles: str, form: str) -> Anchored:
    """A secret that is known by its place among the words of a command, which begins with a needle."""
    return Anchored("password", tuple(needles.split("|")), "(?i)" + _form(form), _is_placed)


def _is_placed(match: re.Match[str]) -> bool:
    before = match.string[match.start() - 1 : match.start()]
    return (
        _is_shown(match)
        and not before.isalnum()
        and not is_no_secret(match["secret"])
        and match["secret"].strip("*") != ""
    )


COMMANDS: tuple[Headed, ...] = (
    FlagRule(
        "password",
        ("curl", "wget", "http", "lwp-request"),
        r"\b(?:curl|wget|https?|lwp-request)\b",
        r"-(?<![^\s'\"].)(?:u|U|a|-user|-proxy-user|-auth)(?:[ =]?['\"]?|['\"], ?['\"])"
        r"[^\s:'\"]{1,64}:(?P<secret>(?!//)[^\s'\"]{1,256})",
    ),
    FlagRule(
        "password",
        ("curl",),
        r"\bcurl\b",
        rf"-(?<![^\s'\"].)(?:E|-cert|-proxy-cert){_BETWEEN}[\w./-]{{1,128}}\.(?:pem|p12|crt|pfx):{_VALUE}",
    ),
    Rule(
        "password",
        ("sudo -s", "-stdin"),
        r"\b(?:echo|printf)(?: -n)? ['\"]?(?P<secret>[^\s'\"|]{1,256})['\"]? ?\| ?"
        r"(?:sudo -S|[^|\r\n]{1,80}--password-stdin)",
        _is_shown,
    ),
    _separate(
        "login registry",
        r"(?:docker|podman|buildah|skopeo|oras|nerdctl|az|cf|oc|ibmcloud|registry|crane|regctl|bx|jf|tkn|harbor)\W{1,4}login"
        r"|helm\W{1,4}registry\W{1,4}login",
        "-p",
    ),
    _separate(
        "mongo twine sshpass influx cqlsh beeline couchbase cbq cypher elasticsearch-users rdesktop psexec steghide"
        " ncftp"
        " unlock-keychain useradd usermod openconnect ipmi-",
        r"mongo|twine|sshpass|influx|cqlsh|beeline|couchbase-cli|cbq|cypher-shell|elasticsearch-users|rdesktop|psexec"
        r"|steghide|ncftp|security\W{1,4}unlock-keychain|useradd|usermod|ipmi-",
        "-p",
    ),
    _separate(
        "sqlcmd bcp isql osql tsql sqsh ipmitool zip mosquitto_ ssh-keygen dbisql",
        r"(?:sqlcmd|bcp|[io]sql|tsql|sqsh|ipmitool|(?:un)?zip|mosquitto_\w{3}|ssh-keygen|dbisql)(?![a-z0-9])",
        "-P",
    ),
    _separate("redis-cli valkey-cli keydb-cli", r"(?:redis|valkey|keydb)-cli", "-a"),
    _separate(
        "ldap kadmin generic-password internet-password",
        r"ldap(?:search|modify|add|delete|passwd|whoami|compare|modrdn)|kadmin|security\W{1,4}add-(?:generic|internet)",
        "-w",
    ),
    _separate("ldappasswd", "ldappasswd", "-s"),
    _separate("ldappasswd", "ldappasswd", "-a"),
    _separate("ssh-keygen", "ssh-keygen", "-N"),
    _separate("snmp", r"snmp(?:walk|get|set|getnext|bulkwalk|bulkget|trap|table|status|df|inform)", "-c"),
    _separate("snmp", r"snmp(?:walk|get|set|getnext|bulkwalk|bulkget|trap|table|status|df|inform)", "-A"),
    _separate("snmp", r"snmp(?:walk|get|set|getnext|bulkwalk|bulkget|trap|table|status|df|inform)", "-X"),
    _separate("openssl", "openssl", "-k"),
    _separate("openssl", "openssl", "-K"),
    _worded("openssl", "openssl", rf"-pass(?:in|out)?{_BETWEEN}pass:"),
    _worded(
        "plink pscp psftp putty kitty addprinc cpw",
        "plink|pscp|psftp|putty|kitty|addprinc|cpw|change_password",
        rf"-pw{_BETWEEN}",
    ),
    _worded("schtasks", "schtasks", rf"/r?p{_BETWEEN}"),
    _worded("xfreerdp wfreerdp wlfreerdp mstsc", "[wx]?l?freerdp[0-9]?|mstsc", "/p:"),
    _worded("jenkins-cli java", r"jenkins-cli(?:\.jar)?", rf"-auth{_BETWEEN}[\w.@-]{{1,64}}:"),
    _worded("lftp", "lftp", rf"-u{_BETWEEN}[\w.@-]{{1,64}},(?!\s)"),
    _worded("pdftk", "pdftk", rf"(?:user|owner|input)_pw{_BETWEEN}"),
    _worded(
        "nmcli", "nmcli", rf"(?:password|(?:802-11-wireless-security|wifi-sec)\.psk|psk|802-1x\.password){_BETWEEN}"
    ),
    _glued("mysql mariadb 7z sshpass unrar", r"\b(?:mysql|mariadb|7z[azr]?\b|sshpass|unrar|rar\b)"),
    _glued("rar ", r"\brar\b", "-hp"),
    FlagRule(
        "secret",
        ("from-literal",),
        r"\bkubectl|\boc\b|create secret",
        r"--from-literal[= ]['\"]?(?!(?:host|hostname|server|user|username|login|port|url|email|name|region|db)=)"
        r"[\w.-]{1,128}=(?P<secret>[^\s'\"]{1,512})",
    ),
    FlagRule(
        "secret",
        ("put-parameter", "keyvault secret set", "secret set", "put-secret"),
        r"put-parameter|secrets? (?:set|put|create)|put-secret",
        rf"(?<![\w-])--?(?:value|body|b|secret-string|data){_BETWEEN}{_VALUE}",
    ),
    Anchored(
        "secret",
        ("secrets set ", "config:set ", "secret set "),
        r"secrets set (?:-{1,2}[\w-]{1,20}(?:[= ][\w.-]{1,64})? ){0,3}[A-Z][A-Z0-9_]{1,64}=(?P<secret>[^\s'\"]{1,512})",
        _is_shown,
    ),
    FlagRule(
        "cookie",
        ("curl",),
        r"\bcurl\b",
        rf"-(?<![^\s'\"].)(?:b|-cookie){_BETWEEN}[\w!#$%&*+.^|~-]{{1,128}}=(?P<secret>[^\r\n'\"]{{1,2048}})",
    ),
    _placed("mc alias set", "mc alias set * * * !"),
    Anchored("password", ("sudo -s <<<",), r"(?i)sudo -s <<< ?['\"]?(?P<secret>[^\s'\"]{1,256})", _is_shown),
    _placed("rabbitmqctl", "rabbitmqctl -* (?:add_user|change_password|authenticate_user) * !"),
    _placed("add_user|change_password", "(?:add_user|change_password) [\\w.@-]{1,64} !"),
    _placed("htpasswd", r"htpasswd -* -[a-zA-Z0-9]{0,6}b[a-zA-Z0-9]{0,6} -* * * !"),
    _placed(
        "htpasswd", r"htpasswd -* -(?:[a-zA-Z0-9]{0,6}n[a-zA-Z0-9]{0,6}b|b[a-zA-Z0-9]{0,6}n)[a-zA-Z0-9]{0,6} -* * !"
    ),
    _placed("mosquitto_passwd", "mosquitto_passwd -* -b * * !"),
    _placed("mysqladmin", r"(?:mysql|mariadb-)admin .. password !"),
    _placed("net use", r"net(?:\.exe)? use .. /user:[^\s'\",]{1,128} !"),
    _placed("net use", r"net(?:\.exe)? use (?:(?:[a-z]:|\*)['\"]?,?\x20['\"]?)?(?:\\\\)[^\s'\",]{1,200} !"),
    _placed("net user", r"net(?:\.exe)? user [\w.\\@-]{1,64} (?=[^\s'\"]{1,64}['\"]?,?\x20?['\"]?/add|[^\s]{0,40}\d)!"),
    _placed("smbclient", r"smbclient -* (?://|\\\\)[^\s'\",]{1,200} !"),
    _placed("radtest", "radtest -* * !"),
    _placed("radclient", "radclient -* * (?:auth|acct|coa|status|disconnect) !"),
    _placed(
        "wpa_passphrase", r"wpa_passphrase (?:'[^'\r\n]{1,64}'|\"[^\"\r\n]{1,64}\"|*) !".replace("|*", f"|{_WORD}")
    ),
    _placed("openssl passwd", r"openssl passwd (?:-salt\x20\S{1,32}\x20|-\w{1,8}\x20){0,3}!"),
    _placed(
        "vault login|vault unwrap|vault operator unseal|vault token ",
        r"vault (?:login|unwrap|operator['\",]{0,3}\x20['\"]?unseal|token['\",]{0,3}\x20['\"]?(?:lookup|renew|revoke))"
        r" -* (?![\w.-]{1,64}=)!",
    ),
    _placed("rclone obscure|rclone reveal", "rclone (?:obscure|reveal) !"),
    _placed("http-basic.", r"http-basic\.[\w.-]{1,100} * !"),
    _placed(
        "github-oauth.|gitlab-token.|pypi-token.|bearer.",
        r"(?:github-oauth|gitlab-token|pypi-token|bearer)\.[\w.-]{1,100} !",
    ),
    _placed("npmauthtoken|setapikey|set-initial-password|reset-admin-password|set-root-password", "[a-z-]{9,24} -* !"),
    _placed("config set //", r"config set //[^\s'\"]{1,200}:_(?:authToken|password|auth) !"),
    _placed("user-secrets set", "user-secrets set * !"),
    _placed("dscl", r"dscl .. -passwd * (?=[^\s]{1,128}(?:[\s'\"]|$))!"),
    _placed("-setairportnetwork", "-setairportnetwork * * !"),
    _placed("qpdf", "qpdf .. --encrypt !"),
    _placed("--encrypt", r"--encrypt \[redacted:password\] !"),
    _placed("isql ", "isql -* [A-Za-z][\\w-]{0,40} [A-Za-z][\\w-]{0,40} !"),
    _placed("connect to", "connect to * user * using !"),
    _placed("pulumi config set", "pulumi config set .. --secret .. [\\w:.-]{1,64} !"),
    Anchored(
        "password",
        ("echo ", "printf "),
        r"(?:echo|printf) (?:-\w{1,3} )?(?:'%s(?:\\n)?' )?['\"]?(?P<secret>[^\s'\"|$][^'\"|\r\n]{0,256}?)['\"]? ?\| ?"
        r"(?:sudo (?:-\w{1,2} ){0,2}-S"
        r"|(?:sudo )?(?:passwd (?:--stdin|\S{1,64} --stdin)|kinit|smbpasswd|su\b|docker login|podman login"
        r"|helm registry login"
        r"|cryptsetup|gh auth login|oc login|nerdctl login|skopeo login|vault login|gpg [^\r\n]{0,80}passphrase-fd"
        r"|htpasswd [^\r\n]{0,40}-i))",
        _is_shown,
    ),
    Rule(
        "password", ("chpasswd",), r"[\w.-]{1,64}:(?P<secret>[^\s'\"]{1,256})['\"]? ?\| ?(?:sudo )?chpasswd", _is_shown
    ),
    Anchored(
        "password",
        ("jdbc:oracle:", "sqlplus ", "sqlldr ", "expdp ", "impdp ", "rman ", "exp ", "imp ", "userid="),
        r"(?i)(?:jdbc:oracle:\w{1,10}:(?=[^\s@]{1,200}@)|(?:sqlplus|sqlldr|expdp|impdp|exp|imp|rman)(?<![\w.-]\w{3})"
        r" (?:-\w{1,2} ){0,3}(?:target |userid=)?|userid=)['\"]?[\w.$#-]{1,64}/"
        r"(?P<secret>[^\s@/\[\"']{1,128})(?=@|[\s\"']|$)",
        _is_shown,
    ),
    Anchored(
        "password",
        ("convertto-securestring ",),
        r"(?i)convertto-securestring (?:-string )?['\"](?P<secret>[^'\"\r\n]{1,256})",
        _is_shown,
    ),
    Anchored(
        "credentials",
        ("auth plain ", "auth login "),
        r"(?i)auth (?:plain|login)\s(?P<secret>[A-Za-z0-9+/]{8,512}={0,2})",
    ),
)
OTHER_COMMANDS: tuple[Layer, ...] = (
    Rule("password", (" -u ",), r"-U ['\"]?[\w.\\/-]{1,64}%(?P<secret>[^\s'\"]{1,256})", _is_shown),
    Anchored(
        "password",
        ("assword",),
        r"assword[^\r\n]{0,12}[\"'}]\s{1,8}(?:\{\s{0,8})?send (?:-- )?[\"'](?P<secret>[^\"'\r\n\\]{1,256})\\",
        _is_shown,
    ),
)
