"""Personal data by its look: e-mail addresses, telephone and social security numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from healing.forks import cached_property
from healing.redaction.names import SecretNames
from healing.redaction.placeholders import placeholder
from healing.redaction.rule import Anchored, Layer, Rule, anchors

_FILE_OR_UNIT = re.compile(
    r"(?i)\.(?:png|jpe?g|gif|svg|webp|py|js|css|ts|html?|service|socket|timer|mount|target|slice|tar|gz|zip|whl)$"
)


class EmailRule:
    """Read from the at sign: the domain after it, then the name before it, backwards."""

    needles = ("@", "%40")

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        return (
            re.compile(r"(?:@|%40)(?:[^\W_](?:[\w-]{0,62})\.){1,5}[^\W\d_]{2,24}(?![\w@])"),
            re.compile(r"(?:[\w.+%-]|(?<=[A-Za-z])'(?=[A-Za-z])){1,64}"),
        )

    def apply(self, text: str, lowered: str, names: SecretNames) -> str:
        places = anchors(lowered, ("@", "%40"))
        return "".join(self._pieces(text, places)) if places else text

    def _pieces(self, text: str, places: list[int]) -> Iterator[str]:
        domain, mirrored = self.patterns
        done = 0
        for place in places:
            found = domain.match(text, place) if place > done else None
            name = mirrored.match(text[max(done, place - 66) : place][::-1]) if found is not None else None
            if found is None or name is None or not _is_address(text, place - name.end(), found.end()):
                continue
            yield text[done : place - name.end()] + placeholder("email")
            done = found.end()
        yield text[done:]


def _is_address(text: str, start: int, end: int) -> bool:
    if text[start:end].startswith("git@") and text[end : end + 1] in {":", "/"}:
        return False
    return not _FILE_OR_UNIT.search(text[max(start, end - 10) : end]) and text[start : start + 1] != "%"


_TELEPHONE = (
    r"(?i)(?<![a-z])(?:phone|tel|telephone|mobile|fax|call|sms|whatsapp)\.?(?: (?:number|no\.?|to|nr\.?))?[\"']?[:=]?"
    r"[ \"']{0,2}(?P<secret>[+(]{0,2}\d(?:[ ().\/-]{0,2}\d){6,14})(?![\w-])"
)

_BIRTH = (
    r"(?i)(?:birth(?:date|day)?|dob|born(?: on)?)[\"']?[ :=]{1,3}[\"']?(?P<secret>\d{1,4}[./ -](?:\d{1,2}|[a-z]{3,9})"
    r"[./ -]{1,2}\d{2,4}|[a-z]{3,9} \d{1,2},? \d{4})(?!\w)"
)

PERSONAL: tuple[Layer, ...] = (
    Rule("name", ("maiden name",), r"(?i)maiden name(?: is| was|:)? (?P<secret>(?!is )[^\W\d_]{2,40})"),
    EmailRule(),
    Rule("ssn", ("-",), r"[0-8](?<![\w.-].)\d\d(?<!000)(?<!666)-(?!00)\d\d-(?!0000)\d{4}(?![\w-]|\.\d)"),
    Anchored(
        "ssn",
        ("ssn ", "social security "),
        r"(?i)(?:ssn|social security(?: number| no\.?)?) (?P<secret>\d{3} ?\d\d ?\d{4})(?!\w)",
    ),
    Anchored(
        "ssn",
        ("tax id ", "passport "),
        r"(?i)(?:tax id|passport(?: no\.?| number)?) (?P<secret>(?=(?:[A-Z-]{0,4}\d){5})[A-Z0-9-]{8,11})(?!\w)",
    ),
    Anchored("birth_date", ("birth", "dob", "born"), _BIRTH),
    Rule("phone", ("00",), r"00(?<![\w.+-]..)[1-9]\d{0,2}[ /-](?:[ .()/-]{0,2}\d){7,11}(?!\w)"),
    Rule("phone", ("+",), r"\+(?<![\w.+-].)[1-9](?:[ .()-]{0,3}\d){7,14}(?!\w)"),
    Rule(
        "phone",
        ("-", " ", "."),
        r"[(2-9](?<![\w.+(-].)(?:(?<=\()[2-9]\d\d\) ?|(?<!\()\d\d(?P<gap>[ .-]))[2-9]\d\d(?(gap)(?P=gap)|[ .-])\d{4}"
        r"(?![\w-]|\.\d)",
    ),
    Anchored("phone", ("phone", "tel", "mobile", "fax", "call ", "sms", "whatsapp"), _TELEPHONE),
)
