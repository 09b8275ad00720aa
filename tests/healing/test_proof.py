"""Unknown always means no: whatever cannot be shown to have had no effect spoils the proof."""

from __future__ import annotations

import builtins
import functools
import gc
import linecache
import operator
import socket
import sqlite3
import urllib.request
import weakref
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import healing
from healing.proof import Proof, harmless, prove
from healing.proving import effects
from healing.vocabulary import Executed
from tests.healing.proving import safe, safe_truths, trapped_names, trapped_steps, trapped_truths, trapped_values
from tests.healing.proving.running import failure, order, proof_of
from tests.healing.proving.stage import CASES, Case, Gateway

MODULES = (safe, safe_truths, trapped_names, trapped_steps, trapped_truths, trapped_values)
"""Each adds its cases when it is imported."""


def _named(case: Case) -> str:
    return f"{case.function.__name__}: {case.why}"


@pytest.mark.parametrize("case", [case for case in CASES if case.spoiler is None], ids=_named)
def test_an_attempt_without_effects_is_proved(case: Case) -> None:
    gateway = Gateway()
    proof = proof_of(case.function, gateway, order())
    assert proof == Proof(Executed.NO), proof.spoiler
    assert gateway.charges == []


@pytest.mark.parametrize("case", [case for case in CASES if case.spoiler is not None], ids=_named)
def test_a_trap_spoils_the_proof_and_the_line_is_named(case: Case) -> None:
    given = order()
    if case.function.__name__ == "callable_of_mapping":
        given["pay"] = Gateway().charge
    error = failure(case.function, Gateway(), given)
    assert isinstance(error, ConnectionRefusedError)
    proof = prove(error.__traceback__, case.function)
    assert proof.effect is Executed.UNKNOWN
    assert case.spoiler is not None
    assert proof.spoiler is not None
    assert case.spoiler in proof.spoiler
    assert ".py:" in proof.spoiler


class Service:
    """Methods of an object of the app."""

    def __init__(self) -> None:
        self.gateway = Gateway()
        self.calls = 0

    def refuses(self, order: dict[str, Any]) -> Any:
        return self.gateway.refuse(order["id"])

    def counts_and_refuses(self) -> Any:
        self.calls += 1
        return self.gateway.refuse()

    @classmethod
    def of_class(cls, gateway: Gateway) -> Any:
        return gateway.refuse(cls)

    @staticmethod
    def of_nobody(gateway: Gateway) -> Any:
        return gateway.refuse()

    def again(self, depth: int) -> Any:
        return self.again(depth - 1) if depth else self.gateway.refuse()


def test_methods_are_proved_like_functions() -> None:
    service = Service()
    assert proof_of(service.refuses, order()).effect is Executed.NO
    assert proof_of(Service.of_class, service.gateway).effect is Executed.NO
    assert proof_of(Service.of_nobody, service.gateway).effect is Executed.NO
    assert proof_of(service.again, 3).effect is Executed.NO
    line = Service.counts_and_refuses.__code__.co_firstlineno + 1
    spoiler = proof_of(service.counts_and_refuses).spoiler
    assert spoiler == f"test_proof.py:{line} in counts_and_refuses: changes self.calls"


def test_a_function_that_the_traceback_does_not_show_proves_nothing() -> None:
    error = failure(Gateway().refuse)
    assert prove(error.__traceback__, order).effect is Executed.UNKNOWN
    assert prove(None, order).effect is Executed.UNKNOWN
    assert prove(error.__traceback__, print).effect is Executed.UNKNOWN


def test_the_wrapper_of_healing_is_looked_through() -> None:
    @healing.self_healing(source="outer")
    def outer(gateway: Gateway) -> Any:
        return gateway.refuse()

    assert proof_of(outer, Gateway()).effect is Executed.NO


def uses_length(gateway: Gateway, items: list[int]) -> Any:
    return gateway.refuse(len(items))


def test_a_builtin_that_was_replaced_is_no_longer_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proof_of(uses_length, Gateway(), [1]).effect is Executed.NO
    charged = Gateway()
    monkeypatch.setattr(builtins, "len", lambda items: charged.charge(items) and 0)
    error = failure(uses_length, Gateway(), [1])
    proof = prove(error.__traceback__, uses_length)
    monkeypatch.undo()
    assert charged.charges
    assert proof.effect is Executed.UNKNOWN
    assert "calls len(...)" in str(proof.spoiler)


def test_a_module_global_that_hides_a_builtin_is_what_counts() -> None:
    source = "def work(gateway):\n    str(1)\n    gateway.refuse()\n"
    module = _imported(source, str=Gateway().charge)
    assert "calls str(...)" in str(proof_of(module["work"], Gateway()).spoiler)


def _imported(source: str, *, filename: str = "<made up>", **given: Any) -> dict[str, Any]:
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    module: dict[str, Any] = {"__name__": "made_up", **given}
    exec(compile(source, filename, "exec"), module)
    return module


def test_code_without_source_proves_nothing() -> None:
    module: dict[str, Any] = {"__name__": "made_up"}
    exec("def work(gateway):\n    gateway.refuse()\n", module)
    assert proof_of(module["work"], Gateway()).spoiler == "<string>:1 in work: its source cannot be read"


def test_source_that_was_edited_after_its_import_proves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "edited.py"
    path.write_text("def work(gateway):\n    gateway.charge()\n    gateway.refuse()\n")
    module: dict[str, Any] = {"__name__": "edited"}
    exec(compile(path.read_text(), str(path), "exec"), module)
    path.write_text("def work(gateway):\n    str()\n    gateway.refuse()\n")
    proof = proof_of(module["work"], Gateway())
    assert proof.spoiler == "edited.py:1 in work: its source is not the code that runs"


def test_source_that_is_no_python_any_more_proves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("def work(gateway):\n    gateway.refuse()\n")
    module: dict[str, Any] = {"__name__": "broken"}
    exec(compile(path.read_text(), str(path), "exec"), module)
    path.write_text("def work(\n")
    assert "cannot be read" in str(proof_of(module["work"], Gateway()).spoiler)


def test_two_lambdas_on_one_line_are_told_apart() -> None:
    gateway = Gateway()
    safe, trap = (lambda g: g.refuse()), (lambda g: g.refuse(g.charge()))
    assert proof_of(safe, gateway).effect is Executed.NO
    assert proof_of(trap, gateway).effect is Executed.UNKNOWN


def test_a_library_that_calls_back_into_the_app_spoils_the_proof(tmp_path: Path) -> None:
    library = tmp_path / "site-packages" / "eager.py"
    library.parent.mkdir()
    library.write_text("def each(call):\n    call()\n    call()\n")
    module: dict[str, Any] = {"__name__": "eager"}
    exec(compile(library.read_text(), str(library), "exec"), module)
    runs: list[int] = []

    def step() -> None:
        runs.append(1)
        if len(runs) == 2:
            raise ConnectionRefusedError

    def work() -> None:
        module["each"](step)

    proof = proof_of(work)
    assert proof.effect is Executed.UNKNOWN
    assert "is called by a library" in str(proof.spoiler)


def test_what_a_library_did_inside_the_failing_call_is_left_to_the_diagnosis() -> None:
    def work() -> Any:
        return urllib.request.urlopen("http://127.0.0.1:1/")

    assert proof_of(work).effect is Executed.NO


def test_native_code_that_may_call_what_it_is_given_spoils_the_proof() -> None:
    def work(connection: sqlite3.Connection, gateway: Gateway) -> None:
        connection.create_collation("by_charge", gateway.charge)  # type: ignore[arg-type]
        connection.execute("select nothing")

    with closing(sqlite3.connect(":memory:")) as connection:
        assert "create_collation" in str(proof_of(work, connection, Gateway()).spoiler)


def test_a_reduction_by_native_code_spoils_the_proof() -> None:
    def work(steps: list[int]) -> Any:
        return functools.reduce(operator.truediv, steps)

    def trap(connection: socket.socket, parts: list[bytes]) -> Any:
        return functools.reduce(lambda _, part: bytes(connection.send(part)), parts)

    assert proof_of(work, [1, 0]).effect is Executed.UNKNOWN
    with socket.socket() as unconnected:
        assert proof_of(trap, unconnected, [b"", b"x", b"y"]).effect is Executed.UNKNOWN


def test_a_re_raised_error_is_judged_by_all_that_ran_until_it_left() -> None:
    def work(gateway: Gateway) -> Any:
        try:
            gateway.refuse()
        except ConnectionError as error:
            gateway.charge()
            raise error from None

    assert "gateway.refuse(...)" in str(proof_of(work, Gateway()).spoiler)


def test_the_deepest_tracebacks_prove_nothing() -> None:
    def sink(depth: int) -> Any:
        if depth:
            return sink(depth - 1)
        raise ConnectionRefusedError

    assert proof_of(sink, 20).effect is Executed.NO
    assert proof_of(sink, 200).effect is Executed.UNKNOWN


def test_objects_that_fight_back_end_in_no_proof() -> None:
    class Hostile:
        def __getattribute__(self, name: str) -> Any:
            if name == "refuse":
                raise ConnectionRefusedError
            raise SystemError(name)

    def work(thing: Any) -> Any:
        return thing.refuse()

    assert proof_of(work, Hostile()).effect is Executed.UNKNOWN


def test_functions_methods_classes_and_builtins_can_be_marked_harmless() -> None:
    class Client:
        def __init__(self) -> None:
            self.made = True

        def look(self) -> str:
            return "seen"

    def work(gateway: Gateway) -> Any:
        client = Client()
        client.look()
        print(end="")
        return gateway.refuse()

    assert "calls Client(...)" in str(proof_of(work, Gateway()).spoiler)
    assert harmless(Client) is Client
    assert "calls client.look(...)" in str(proof_of(work, Gateway()).spoiler)
    harmless(Client().look)
    assert "calls print(...)" in str(proof_of(work, Gateway()).spoiler)
    printing = builtins.print
    try:
        harmless(print)
        assert proof_of(work, Gateway()).effect is Executed.NO
    finally:
        effects.forget(printing)


class Request:
    """What a frame of the caller holds."""


@pytest.mark.parametrize("step", ["log_it(gateway)", "gateway.charge()", "str()", "(lambda: 1)()"])
def test_nothing_of_the_callers_stack_is_kept(step: str) -> None:
    source = f"def work(gateway):\n    {step}\n    for _ in (1,): gateway.refuse()\n"
    module = _imported(source, filename=f"<kept {step}>", log_it=print)

    def serve() -> weakref.ref[Request]:
        request = Request()
        proof_of(module["work"], Gateway())
        return weakref.ref(request)

    gc.disable()
    try:
        assert serve()() is None
    finally:
        gc.enable()


def test_the_values_of_a_frame_go_with_it() -> None:
    def work(gateway: Gateway, request: Request) -> Any:
        return gateway.refuse(str(1), request)

    def serve() -> weakref.ref[Request]:
        request = Request()
        assert proof_of(work, Gateway(), request).effect is Executed.NO
        return weakref.ref(request)

    gc.disable()
    try:
        assert serve()() is None
    finally:
        gc.enable()
