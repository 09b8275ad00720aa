"""What redaction costs: texts of 4 KB as services log them, and texts made to be slow."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

from healing.redaction import Redactor

SIZE = 4_096
REPEATS = 15
KINDS = {
    "prose": (
        "The order {n} could not be sent to warehouse {w} because the carrier answered late; a second try is planned."
        " See ticket OPS-{n} for the history and the decision of the team on duty. "
    ),
    "a log": "2026-11-24 12:{m:02d}:{m:02d},{n:03d} INFO shop.orders order {n} of customer {w} priced at {m}.50 EUR\n",
    "a traceback": '  File "/srv/shop/orders.py", line {n}, in create_order\n    answer = post(url, timeout={m})\n',
    "JSON": '{{"id": {n}, "sku": "A-{w}", "amount": {m}, "currency": "EUR", "tags": ["new"], "ok": true}}, ',
    "HTML": '<div class="row"><span id="p{n}">Price</span><a href="/items/{w}?page={m}">next</a></div>\n',
    "SQL": "SELECT o.id, o.total FROM orders o WHERE o.id = {n} AND o.region = 'EU{m}' ORDER BY o.created_at;\n",
    "reprs": "{{'order': {n}, 'customer': 'c{w}', 'lines': [{m}, {n}], 'created': datetime.date(2026, 11, {m})}}, ",
}
SLOW = (
    *("a", "a ", "=", "a=", "password=", "password='", "\\", "@", "://a:", "1", "1 ", "-", "eyJ", "cookie: a=b; "),
    *("'a', ", '"key": "', "token ", "\\u0022", "%3D", "%2525", "secret is ", "(", "[parameters: (", "-----BEGIN "),
)
_WORD = re.compile(r"\w{1,64}")


@dataclass(frozen=True, slots=True)
class Score:
    """Milliseconds of the thread's own computing; `ratio` is to one substitution of all words of the same text."""

    name: str
    median_ms: float
    ratio: float
    worst_ms: float


def score() -> list[Score]:
    redactor, chance = Redactor(), random.Random(4)
    usual = [_timed(redactor, text) for kind in KINDS.values() for text in _texts(kind, chance)]
    slow = [_timed(redactor, (seed * 65_536)[:size]) for seed in SLOW for size in (16_384, 65_536)]
    return [_score("4 KB as services log them", usual), _score("16 and 64 KB made to be slow", slow)]


def _score(name: str, times: list[tuple[float, float]]) -> Score:
    own = [mine for mine, _ in times]
    return Score(name, median(own) * 1e3, median(mine / unit for mine, unit in times), max(own) * 1e3)


def _texts(kind: str, chance: random.Random) -> Iterator[str]:
    """No text twice: a text that was seen before costs next to nothing."""
    for number in range(REPEATS):
        text = ""
        while len(text) < SIZE:
            numbers = {
                "n": chance.randrange(100, 999),
                "w": chance.randrange(1000, 99_999),
                "m": chance.randrange(1, 28),
            }
            text += kind.format(**numbers)
        secret = f" token=abc{number}def{chance.randrange(10**9)}ghi" if number % 2 else ""
        yield text[: SIZE - len(secret)] + secret


def _timed(redactor: Redactor, text: str) -> tuple[float, float]:
    mine = _seconds(lambda: redactor.text(text))
    return mine, _seconds(lambda: _WORD.sub(lambda match: match[0], text[: redactor.limits.characters]))


def _seconds(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun
