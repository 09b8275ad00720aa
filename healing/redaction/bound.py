"""Which parts of a structure are secret by what stands beside them: a statement, a list of columns, a command."""

from __future__ import annotations

import re

from healing.redaction.commands import COMMANDS, OTHER_COMMANDS
from healing.redaction.names import SecretNames
from healing.redaction.sql import PARAMETERS
from healing.redaction.vocabulary import word_set

_STATEMENT = re.compile(
    r"(?is)\s{0,64}(?:--[^\n]{0,200}\n\s{0,64})?(?:insert|update|select|delete|replace|merge|with|upsert|call|exec|alter"
    r"|create)\s.{1,16384}"
)
_COLUMN = re.compile(r"[^\W\d][\w .-]{0,64}")
STATEMENTS = word_set("sql query statement stmt operation cmd command querystring sqlstatement querytext")
PARAMETERS_OF = word_set(
    "params parameters args arguments vars values bindings binds bind_params bindparams bound row data parameter_values"
    " multiparams params_list query_params"
)
COLUMNS = word_set("columns fields header headers keys column_names fieldnames names cols headings columnnames")
ROWS = word_set("rows row values data records record items results result body tuples entries")
_QUOTE = "', '"
_TOOLS = re.compile(r"(?:[\w.:/\\~-]{0,200}[/\\])?[\w.-]{2,40}")
Kinds = list[str | None]


def kinds_of_parameters(statement: str, names: SecretNames) -> Kinds:
    """The kind of each parameter of an SQL statement, one after the other; empty where none is a secret's."""
    if not _STATEMENT.fullmatch(statement):
        return []
    kinds = PARAMETERS.kinds_of(statement, names)
    return kinds if any(kinds) else []


def kinds_of_columns(columns: object, names: SecretNames) -> Kinds:
    """The kind of each column that is a secret's; empty where the list is none of names, or of harmless ones."""
    if not isinstance(columns, list) or not all(
        isinstance(column, str) and _COLUMN.fullmatch(column) for column in columns
    ):
        return []
    kinds = [names.kind(column) for column in columns]
    return kinds if any(kinds) else []


def arguments(words: list[str], names: SecretNames) -> list[str]:
    """The words of a command line, those of its secrets hidden."""
    if not _TOOLS.fullmatch(words[0]) or any("'" in word for word in words):
        return words
    text = f"'{_QUOTE.join(words)}'"
    hidden, lowered = text, text.lower()
    for layer in (*COMMANDS, *OTHER_COMMANDS):
        hidden = layer.apply(hidden, lowered, names)
        lowered = hidden.lower()
    found = hidden[1:-1].split(_QUOTE) if hidden != text else words
    return found if len(found) == len(words) else words
