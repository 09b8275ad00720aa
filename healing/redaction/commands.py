"""Secrets on command lines: the short flags of well-known tools, in a shell's words or in a list's."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from functools import cached_property

from healing.redaction.names import SecretNames
from healing.redaction.placeholders import PLACEHOLDER, placeholder
from healing.redaction.plausible import is_mask
from healing.redaction.rule import Anchored, Layer, Rule

_REACH = 300
"""Characters before a flag in which its command is looked for."""
_BETWEEN = r"(?:[ =]{1,3}['\"]?|['\"], ?b?['\"])"
_VALUE = r"(?P<secret>[^\s'\",]{1,256})"


def _is_shown(match: re.Match[str]) -> bool:
    return PLACEHOLDER.search(match["secret"]) is None and not is_mask(match["secret"])


@dataclass(frozen=True)
class FlagRule:
    """A flag is a secret's where it follows its command on the same line. `words` are the needles of the command."""

    kind: str
    words: tuple[str, ...]
    command: str
    flag: str

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return re.compile(self.command), re.compile(self.flag)

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        if not any(word in lowered for word in self.words):
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
    return FlagRule("password", tuple(words.split()), command, rf"{flag}(?<![^\s'\"].{{2}}){_BETWEEN}(?!-){_VALUE}")


def _glued(words: str, command: str) -> FlagRule:
    value = r"['\"]?(?!\d{1,5}(?:[:\s]|$))(?P<secret>[^\s'\",=-][^\s'\"]{0,255})"
    return FlagRule("password", tuple(words.split()), command, rf"-p(?<![^\s'\"].{{2}}){value}")


COMMANDS: tuple[Layer, ...] = (
    FlagTable(
        FlagRule(
            "password",
            ("curl", "wget", "http ", "https ", "xh ", "psexec"),
            r"\b(?:curl|wget|https?|xh|psexec)\b",
            r"-(?<![^\s'\"].)(?:u|a|-user|-auth|-proxy-user)"
            r"(?:[ =]?['\"]?|['\"], ?['\"])[^\s:'\"]{1,64}:(?P<secret>[^\s'\"]{1,256})",
        ),
        FlagRule(
            "cookie",
            ("curl",),
            r"\bcurl\b",
            rf"-(?<![^\s'\"].)(?:b|-cookie){_BETWEEN}[\w!#$%&*+.^|~-]{{1,128}}=(?P<secret>[^\r\n'\"]{{1,2048}})",
        ),
        _separate(
            "login registry", r"\b(?:docker|podman|buildah|skopeo|oras|nerdctl|az|cf|registry)\W{1,4}login", "-p"
        ),
        _separate("mongo twine sshpass influx cqlsh psexec", r"\b(?:mongo|twine|sshpass|influx|cqlsh|psexec)", "-p"),
        _separate(
            "sqlcmd bcp isql tsql ipmitool zip mosquitto_",
            r"\b(?:sqlcmd|bcp|isql|tsql|ipmitool|(?:un)?zip|mosquitto_\w{3})\b",
            "-P",
        ),
        _separate("redis-cli valkey-cli", r"\b(?:redis|valkey)-cli", "-a"),
        _separate("ldap", r"\bldap(?:search|modify|add|delete|passwd|whoami|compare)", "-w"),
        _glued("mysql mariadb 7z", r"\b(?:mysql|mariadb|7za?\b)"),
        _separate("ssh-keygen", r"\bssh-keygen\b", "-N"),
        _separate("openssl", r"\bopenssl\b", "-k"),
        FlagRule("password", ("freerdp", "rdesktop"), r"\w?freerdp|rdesktop", r"/p:(?P<secret>[^\s'\"]{1,256})"),
    ),
    Anchored("password", ("-storepass ", "-keypass "), r"-\w{1,12} (?P<secret>[^\s'\"]{1,256})", _is_shown),
    Anchored("password", ("/user:",), r"(?i)/user:[^\s]{1,64} (?P<secret>(?![/*])[^\s'\"]{4,256})", _is_shown),
    Anchored(
        "password", ("mc alias set ",), r"mc alias set \S{1,64} \S{1,200} \S{1,128} (?P<secret>\S{1,256})", _is_shown
    ),
    Anchored(
        "password",
        ("rclone obscure ", "sudo -s <<< "),
        r"(?i)(?:rclone obscure|sudo -s <<<) ['\"]?(?P<secret>[^\s'\"]{1,256})",
        _is_shown,
    ),
    Rule(
        "password",
        ("sudo -s", "-stdin"),
        r"\b(?:echo|printf)(?: -n)? ['\"]?(?P<secret>[^\s'\"|]{1,256})['\"]? ?\| ?"
        r"(?:sudo -S|[^|\r\n]{1,80}--password-stdin)",
        _is_shown,
    ),
    Rule("password", (" -u ",), r"-U ['\"]?[\w.\\/-]{1,64}%(?P<secret>[^\s'\"]{1,256})", _is_shown),
    Anchored(
        "password",
        ("add_user ", "change_password "),
        r"(?:add_user|change_password) [\w.@-]{1,64} (?P<secret>[^\s'\"]{1,256})",
        _is_shown,
    ),
    Rule(
        "password", ("chpasswd",), r"[\w.-]{1,64}:(?P<secret>[^\s'\"]{1,256})['\"]? ?\| ?(?:sudo )?chpasswd", _is_shown
    ),
    Anchored(
        "password",
        ("jdbc:oracle:", "sqlplus "),
        r"(?i)(?:jdbc:oracle:\w{1,10}:|sqlplus (?:-\w{1,2} ){0,3})[\w.$#-]{1,64}/(?P<secret>[^\s@/\[]{1,128})@",
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
