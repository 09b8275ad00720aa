"""An error's message without what differs from one occurrence to the next: what is left names the problem."""

from __future__ import annotations

import re

MAX_MESSAGE = 512
"""Characters of a message that count; the end of a word that lies across the limit does not."""

DATA = "<*>"
"""Stands for whatever is data: numbers, ids, times, addresses, paths, quoted texts, containers."""

_STATUS = r"""
    (?i:http(?:/\d(?:\.\d)?)?|status|code|error|response|errno)(?:[ _-](?i:code))?[ :=('"]{1,3}[1-5]\d\d(?!\d)
    | (?i:exit\ status|exit\ code|return\ code|error\ code|errno|sqlcode|sqlstate)[ :=#(]{1,3}-?\w{1,6}(?![\w.])
    | (?<!\w)(?i:returned|responded\ with|answered|answered\ with|replied\ with|got|received|failed\ with)\ (?:an?\ )?
        [45]\d\d(?=$|[.,;:)\]]|\ (?:for|from|on|after|when|while|to|at|in)\b)
    | (?<![\w.])[1-5]\d\d(?=\ (?i:client\ error|server\ error|not\ found|bad\ gateway|bad\ request|unauthori[sz]ed
        |forbidden|conflict|gone|too\ many\ requests|internal\ server\ error|service\ (?:temporarily\ )?unavailable
        |gateway\ time-?out)\b)
    | \b(?:(?:ORA|DPY|DPI|TNS|PLS)-\d{4,5}|AADSTS\d{4,7}|E\d{5})\b
"""
"""A status or code belongs to a closed set: 503 is not 429."""

_NOUNS = (
    "constraint|column|columns|relation|table|index|function|schema|role|sequence|trigger|view|field|fields|property"
    "|parameter|argument|arguments|keyword|attribute|attributes|setting|option|variable|module|method|operator|type"
    r"|import\ name|for\ key|capability|permission|scope|feature|extension|codec|encoding"
)
_QUOTED = r"""(?: '(?:[^'\\\n]|\\.){0,512}'(?!\w) | "(?:[^"\\\n]|\\.){0,512}" | `[^`\n]{0,512}` )"""
_IDENTIFIER = r"""['"`][A-Za-z_][A-Za-z_.$]{0,80}['"`]"""

_VARIABLE = re.compile(
    rf"""(?x)
    (?P<kept> {_STATUS}
        | (?<!\w)(?i:{_NOUNS})(?:\ named)?(?:\(s\))?:?\ {_IDENTIFIER}
        | {_IDENTIFIER}(?=\ (?:is|was|are)\ (?:a\ )?(?:required|missing|undefined|unknown|not\ (?:defined|set)))
        | {_IDENTIFIER}(?=\ (?:object|instance)\b)
        | (?:type\(s\)\ for\ [^:\n]{{1,8}}:|instances\ of)\ {_IDENTIFIER}(?:\ and\ {_IDENTIFIER})?
        | (?<!\w)[A-Za-z]{{1,64}}+(?![\w@+.:/\\'"`=-])[ ]? )
    | (?P<url> \b[A-Za-z][A-Za-z0-9+.-]{{1,30}}+://[^\s'"<>]{{1,512}} )
    | (?P<time> \b\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?(?:Z|[+-]\d\d:?\d\d)?\b )
    | (?P<quoted> (?<!\w)[bu]?{_QUOTED} )
    | (?P<path> (?<![\w/.])(?:[A-Za-z]:\\|~?/)[\w.@%+-]{{1,128}}(?:[/\\][\w.@%+-]{{0,128}}){{0,32}}
        | (?<![\w/])[\w.@%+-]{{1,64}}+(?:/[\w.@%+-]{{1,64}}+){{1,16}} )
    | (?P<email> \b[\w.+-]{{1,64}}+@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,4}} )
    | (?P<given> (?<![\w=])(?P<name>[A-Za-z_]\w{{0,40}}+)=(?P<value>[^\s,;)\]}}'"<>=]{{1,200}}) )
    | (?P<token> [+#$€£-]?(?=[\w.:@%+-]{{0,128}}\d)[\w:@%+-]{{1,128}}+(?:[.,][\w:@%+-]{{1,128}}+){{0,16}} )
    | (?P<word> [^\W\d]{{1,64}}+ )
    """
)
_OF_DATA = rf"(?:{re.escape(DATA)}|None|True|False|null|[\s,:;|=.…-]){{0,400}}"
_CONTAINER = re.compile(
    rf"\{{[^{{}}\n]{{0,500}}\}}|\[{_OF_DATA}\]|\({_OF_DATA}\)|[A-Za-z_]{{0,64}}\({_OF_DATA}\)(?<=>\))"
)
_ASIDE = re.compile(rf" \({re.escape(DATA)}\)")
_REPEATED = re.compile(rf"({re.escape(DATA)})(?:[,;:]? ?(?:and |or )?{re.escape(DATA)}){{1,200}}")
_INPUT = re.compile(r"input_value=.{0,2000}?, input_type=\w{1,64}", re.DOTALL)
_DETAIL = re.compile(r"\n(?:DETAIL|HINT|CONTEXT|QUERY|LINE \d)[: ]")
_PASSES = 4


def normalised(message: str) -> str:
    """`message` with all data replaced by one sign, and without the lines that only tell of data."""
    text = _told(message)
    if len(text) > MAX_MESSAGE:
        text = text[:MAX_MESSAGE].rpartition(" ")[0] or text[:MAX_MESSAGE]
    text = _ASIDE.sub("", _VARIABLE.sub(_without_data, text))
    for _ in range(_PASSES):
        shorter = _CONTAINER.sub(DATA, text)
        if shorter == text:
            break
        text = shorter
    return " ".join(_REPEATED.sub(r"\1", text).split())


def _told(message: str) -> str:
    """The lines that name the problem: the first one, and of pydantic's errors those of the fields."""
    text = message[: 8 * MAX_MESSAGE].strip()
    if "[type=" in text:
        return "\n".join(line for line in _INPUT.sub("", text).splitlines() if "For further information" not in line)
    return _DETAIL.split(text, maxsplit=1)[0].partition("\n")[0]


def _without_data(match: re.Match[str]) -> str:
    if match.lastgroup in {"kept", "word"}:
        return match[0]
    if match["given"]:
        return f"{match['name']}={DATA}"
    return DATA
