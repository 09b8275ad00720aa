"""Whose code it is: the application's own, Healing's, or that of the standard library and of installed packages."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from types import CodeType, FunctionType, MethodType

_HERE = f"{Path(__file__).resolve().parent}{os.sep}"
_EXAMPLES = f"{Path(_HERE, '_dashboard', 'examples')}{os.sep}"
_LIBRARIES = (
    _HERE,
    *(f"{sysconfig.get_path(name)}{os.sep}" for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_MAX_FILES = 10_000
_files: dict[str, bool] = {}


def is_app_code(code: CodeType, module: str) -> bool:
    """Whether code is the application's own: not of the standard library, an installed package or Healing itself."""
    known = _files.get(code.co_filename)
    if known is None:
        if len(_files) >= _MAX_FILES:
            _files.clear()
        known = _files[code.co_filename] = _is_app_file(code.co_filename)
    return known and not is_own_code(code, module)


def is_own_code(code: CodeType, module: str) -> bool:
    """Whether code is Healing's, whose frames say nothing about an error of the application."""
    if module != "healing" and not module.startswith("healing."):
        return False
    return not code.co_filename.startswith(_EXAMPLES)


def is_library_code(function: object) -> bool:
    """Whether a function is compiled, or written in Python by the standard library or an installed package."""
    if type(function) is MethodType:
        function = function.__func__
    return type(function) is not FunctionType or not _is_app_file(function.__code__.co_filename)


def is_library_module(name: str) -> bool:
    """Whether a module that is loaded is compiled, or the standard library's or an installed package's."""
    file = getattr(sys.modules.get(name), "__file__", None)
    if type(file) is str:
        return not _is_app_file(file)
    return name in sys.builtin_module_names or name in sys.stdlib_module_names


def _is_app_file(name: str) -> bool:
    if name.startswith(_EXAMPLES):
        return True
    if name.startswith(("<frozen ", *_LIBRARIES)):
        return False
    return not any(folder in name for folder in _INSTALLED)
