"""Imported before Altair, this module spares jsonschema work whose result is never used here."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_GRAMMAR = "rfc3987_syntax"


def defer_grammar_of_addresses() -> None:
    """Import jsonschema, which Altair and nbformat need, without its grammar of addresses.

    Where that grammar is installed, as it is with JupyterLab, its import takes as long as all other imports.
    It is imported when a schema first checks an address; the schemas of Altair and nbformat never do.
    """
    if "jsonschema" in sys.modules or _GRAMMAR in sys.modules or find_spec(_GRAMMAR) is None:
        return
    stand_in = ModuleType(_GRAMMAR)
    vars(stand_in)["is_valid_syntax"] = _is_valid_syntax
    sys.modules[_GRAMMAR] = stand_in
    try:
        import_module("jsonschema")
    finally:
        del sys.modules[_GRAMMAR]


def _is_valid_syntax(rule: str, address: str) -> bool:
    return bool(import_module(_GRAMMAR).is_valid_syntax(rule, address))


defer_grammar_of_addresses()
