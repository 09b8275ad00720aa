"""A call's arguments as JSON and back, by the function's annotations; pydantic does both directions."""

from __future__ import annotations

import functools
import inspect
import json
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from healing.errors import DeclarationError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class ArgumentCodec:
    """Both directions for one function. A value that would come back changed is refused when it is dumped."""

    source: str
    signature: inspect.Signature
    adapters: Mapping[str, TypeAdapter[Any]]

    def dump(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        """A JSON object by parameter. Raises TypeError where a value would not come back equal."""
        given = self.signature.bind(*args, **kwargs).arguments
        fields = (f"{json.dumps(name)}: {self._dumped(name, value)}" for name, value in given.items())
        return "{" + ", ".join(fields) + "}"

    def load(self, text: str) -> Arguments:
        """Positional and keyword arguments. Raises ValueError where `text` does not fit the annotations."""
        values = json.loads(text)
        unknown = values.keys() - self.adapters.keys()
        if unknown:
            raise ValueError(f"{self.source} has no parameter {', '.join(sorted(unknown))}")
        loaded = {
            name: adapter.validate_json(json.dumps(values[name]))
            for name, adapter in self.adapters.items()
            if name in values
        }
        bound = inspect.BoundArguments(self.signature, loaded)
        return bound.args, bound.kwargs

    def _dumped(self, name: str, value: Any) -> str:
        adapter = self.adapters[name]
        try:
            text = adapter.dump_json(value, warnings="error")
            same = bool(adapter.validate_json(text) == value)
        except (ValueError, TypeError) as error:
            raise TypeError(self._refusal(name, value)) from error
        if not same:
            raise TypeError(self._refusal(name, value))
        return text.decode()

    def _refusal(self, name: str, value: Any) -> str:
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        return f"{self.source}: {name} (a {kind}) would not come back from JSON as it was; see its annotation"


@functools.lru_cache(maxsize=1024)
def check_arguments(function: Callable[..., Any]) -> ArgumentCodec:
    """The codec of a function whose calls shall be queued, made once per function.

    A function made inside another one has a codec too, but a worker finds it only once it has made it itself.
    Raises DeclarationError for a method's `self` or `cls`, a parameter without an annotation, and an
    annotation that cannot be resolved or has no JSON form.
    """
    source = f"{function.__module__}.{function.__qualname__}"
    signature = inspect.signature(function)
    for parameter in signature.parameters.values():
        _check(source, parameter)
    hints = _hints(source, function)
    adapters = {
        name: _adapter(source, name, _whole(parameter, hints[name])) for name, parameter in signature.parameters.items()
    }
    return ArgumentCodec(source, signature, adapters)


def _check(source: str, parameter: inspect.Parameter) -> None:
    if parameter.annotation is not inspect.Parameter.empty:
        return
    if parameter.name in {"self", "cls"}:
        raise DeclarationError(
            f"{source}: queue=True cannot store {parameter.name!r}: wrap a module-level function or a "
            "staticmethod that takes what it needs as plain arguments"
        )
    raise DeclarationError(
        f"{source}: queue=True needs an annotation for {parameter.name!r}, such as "
        f"`{parameter.name}: dict[str, str]`, a dataclass or a pydantic model"
    )


def _hints(source: str, function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except (NameError, AttributeError, TypeError, SyntaxError) as error:
        raise DeclarationError(
            f"{source}: queue=True cannot resolve its annotations ({error}): import or define the named "
            "types at module level, above the function and outside `if TYPE_CHECKING`"
        ) from error


def _whole(parameter: inspect.Parameter, hint: Any) -> Any:
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        return tuple[hint, ...]
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        return dict[str, hint]
    return hint


def _adapter(source: str, name: str, hint: Any) -> TypeAdapter[Any]:
    from pydantic.errors import PydanticUserError
    from pydantic.json_schema import GenerateJsonSchema

    class Probe(GenerateJsonSchema):
        ignored_warning_kinds = {"skipped-choice", "non-serializable-default", "skipped-discriminator"}  # noqa: RUF012 - pydantic's own attribute, not a ClassVar there

    try:
        adapter = _configured(hint)
        adapter.json_schema(schema_generator=Probe)
    except (PydanticUserError, TypeError) as error:
        reason = str(error).splitlines()[0]
        raise DeclarationError(
            f"{source}: queue=True cannot turn {name!r} into JSON ({reason}): annotate it with builtin "
            "types, a dataclass or a pydantic model"
        ) from error
    return adapter


def _configured(hint: Any) -> TypeAdapter[Any]:
    from pydantic import ConfigDict, PydanticUserError, TypeAdapter

    exact = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", ser_json_inf_nan="strings")
    try:
        return TypeAdapter(hint, config=exact)
    except PydanticUserError as error:
        if error.code != "type-adapter-config-unused":
            raise
        return TypeAdapter(hint)
