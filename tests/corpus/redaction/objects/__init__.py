"""Objects that functions are given, that frames hold, and that exceptions carry."""

from __future__ import annotations

from tests.corpus.redaction.objects.harmless import HARMLESS
from tests.corpus.redaction.objects.planted_builtin import PLANTED as BUILTIN
from tests.corpus.redaction.objects.planted_libraries import PLANTED as LIBRARIES

__all__ = ["HARMLESS", "PLANTED"]

PLANTED = (*BUILTIN, *LIBRARIES)
