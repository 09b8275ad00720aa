"""Last and least: errors of unknown types, by how their message begins. Text proves nothing of what was executed."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Severity


def _begins(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_STATUS = r"(http(/\d(\.\d)?)?|http error|http status|status|status code)[ :=]{1,3}"

MESSAGES = (
    Rule(
        name="says_rate_limited",
        on="",
        message=_begins(
            rf"{_STATUS}429\b|429 (too many|client error)|rate limit (exceeded|reached)\b|too many requests\b"
        ),
        category=Category.RATE_LIMIT,
        course=RATE,
        says="By its message, there were too many calls.",
    ),
    Rule(
        name="says_server_error",
        on="",
        message=_begins(
            rf"{_STATUS}5\d\d\b|5\d\d (server error|internal server error|bad gateway|service unavailable|gateway time)"
            r"|(bad gateway|service (is )?(temporarily )?unavailable|internal server error|gateway timeout)\b"
        ),
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="By its message, the far end failed.",
    ),
    Rule(
        name="says_unauthorised",
        on="",
        message=_begins(
            rf"{_STATUS}40[137]\b|40[13] (client error|unauthorized|forbidden)|(unauthorized|permission denied)\b"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="By its message, the far end does not accept who is calling.",
    ),
    Rule(
        name="says_client_error",
        on="",
        message=_begins(rf"{_STATUS}4\d\d\b|4\d\d (client error|bad request|not found)"),
        category=Category.EXTERNAL_API,
        says="By its message, the far end does not accept the call.",
    ),
    Rule(
        name="says_connection_trouble",
        on="",
        message=_begins(
            r"(\[errno \d{1,3}\] )?(connection (refused|reset|aborted|closed|lost)|broken pipe|no route to host"
            r"|network is unreachable|failed to connect|could not connect|unable to connect)\b"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        says="By its message, the connection failed.",
    ),
    Rule(
        name="says_name_not_resolved",
        on="",
        message=_begins(
            r"(\[errno -?\d{1,3}\] )?"
            r"(name or service not known|temporary failure in name resolution|getaddrinfo failed)\b"
        ),
        category=Category.DNS,
        course=CONNECT,
        says="By its message, the host's name could not be resolved.",
    ),
    Rule(
        name="says_timed_out",
        on="",
        message=_begins(
            r"(the )?((connection|read|request|operation|query|write) )?(timed out|timeout (expired|exceeded))\b"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="By its message, there was no answer in time.",
    ),
    Rule(
        name="says_out_of_memory",
        on="",
        message=_begins(r"(cuda(?: error:)? )?out of memory\b"),
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="By its message, memory is used up.",
    ),
)
