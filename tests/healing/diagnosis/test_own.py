"""Rules that users write: asked before ours, plainly refused where they are wrong or unsafe."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import healing
from healing import ConfigurationError, testing
from healing.diagnosis.own import KEYS, PREFIXES, own_rules
from healing.diagnosis.rules import diagnose
from healing.diagnosis.table import Table
from healing.settings import resolve
from healing.vocabulary import Category, Executed, Severity, Strategy
from tests.healing.diagnosis.corpus.http import requests_status
from tests.healing.diagnosis.corpus.labels import AppError, caused, raised

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def table(*rules: dict[str, Any]) -> Table:
    return Table(own_rules(rules, "healing.toml"))


def rule(**given: Any) -> dict[str, Any]:
    return {"name": "mine", "on": "shop.errors.Busy", "category": "external_api", **given}


class Busy(Exception):
    __module__ = "shop.errors"


def test_a_rule_is_asked_before_ours_and_says_whose_it_is() -> None:
    mine = table(rule(on=["http:404"], transient=True, says="The cache of the far end is behind."))
    found = diagnose(requests_status(404), table=mine)
    assert (found.rule, found.own, found.transient) == ("mine", True, True)
    assert found.reason == "The cache of the far end is behind."
    assert diagnose(requests_status(404)).own is False


def test_every_key_is_taken_over() -> None:
    mine = table(
        rule(
            strategies=["use_default_value", "rate_limit_backoff", "retry_with_backoff"],
            executed="no",
            severity="critical",
            category="rate_limit",
        )
    )
    found = diagnose(Busy("x"), table=mine)
    assert (found.category, found.executed, found.severity) == (Category.RATE_LIMIT, Executed.NO, Severity.CRITICAL)
    assert [item.strategy for item in found.recommended] == [
        Strategy.RATE_LIMIT_BACKOFF,
        Strategy.RETRY_WITH_BACKOFF,
        Strategy.USE_DEFAULT_VALUE,
    ]


@pytest.mark.parametrize(
    ("category", "first"),
    [
        ("rate_limit", Strategy.RATE_LIMIT_BACKOFF),
        ("network", Strategy.RESET_CONNECTION),
        ("database", Strategy.ROLLBACK_TRANSACTION),
        ("external_api", Strategy.RETRY_WITH_BACKOFF),
    ],
)
def test_transient_alone_means_what_is_usual_for_the_category(category: str, first: Strategy) -> None:
    found = diagnose(Busy("x"), table=table(rule(category=category, transient=True)))
    assert found.recommended[0].strategy is first


def test_without_strategies_an_error_is_permanent() -> None:
    found = diagnose(Busy("x"), table=table(rule()))
    assert (found.transient, found.recommended, found.known) == (False, (), True)


def test_a_fallback_alone_may_stand_in_for_a_permanent_error() -> None:
    found = diagnose(requests_status(404), table=table(rule(on="http:404", strategies=["use_default_value"])))
    assert (found.transient, len(found.recommended)) == (False, 1)


def test_a_message_is_matched_at_its_beginning() -> None:
    mine = table(rule(message="ledger (is )?closed"))
    assert diagnose(Busy("ledger is closed"), table=mine).own
    assert not diagnose(Busy("the ledger is closed"), table=mine).own


def test_a_message_alone_speaks_for_errors_of_any_type() -> None:
    mine = table({"name": "mine", "message": "ledger closed", "category": "external_api", "transient": True})
    assert diagnose(AppError("ledger closed until 6"), table=mine).own
    assert diagnose(OSError("ledger closed"), table=mine).own
    assert diagnose(caused(AppError("x"), AppError("ledger closed")), table=mine).own


def test_but_it_makes_no_bug_worth_another_run() -> None:
    mine = table({"name": "mine", "message": "ledger", "category": "external_api", "transient": True})
    assert diagnose(TypeError("ledger"), table=mine).rule == "bug"
    permanent = table({"name": "mine", "message": "ledger", "category": "programming"})
    assert diagnose(TypeError("ledger"), table=permanent).own


def test_a_client_that_sends_again_is_not_believed_to_have_sent_once() -> None:
    mine = table(rule(on="http:429", executed="no", transient=True, category="rate_limit"))
    error: Any = requests_status(429)
    error.response.history = [object()]
    assert diagnose(error, table=mine).executed is Executed.UNKNOWN


def test_a_wrapped_error_is_judged_by_the_rule_for_what_it_wraps() -> None:
    mine = table(rule(on="errno:ECONNREFUSED", transient=True))
    assert diagnose(caused(AppError("x"), ConnectionRefusedError(111, "x")), table=mine).own


WRONG = [
    ({"nam": "x"}, "nam: no such key; did you mean name?"),
    ({"name": ""}, "name: must be text of 1 to 60 characters"),
    ({"name": "a\nb"}, "name: must be text"),
    ({"category": "netwrok"}, "category: 'netwrok' is none; did you mean network?"),
    ({"executed": "maybe"}, "executed: 'maybe' is none; known are no, unknown, yes"),
    ({"severity": "hgih"}, "severity: 'hgih' is none; did you mean high?"),
    ({"strategies": ["retry_with_backof"]}, "did you mean retry_with_backoff?"),
    ({"strategies": 3}, "strategies: must be a list"),
    ({"transient": "yes"}, "transient: must be true or false"),
    ({"transient": False, "strategies": ["retry_with_backoff"]}, "transient: contradicts strategies"),
    ({"transient": True, "strategies": ["use_default_value"]}, "transient: contradicts strategies"),
    ({"on": 3}, "on: must be a list of types and keys"),
    ({"on": "TimeoutError"}, "did you mean builtins.TimeoutError?"),
    ({"on": "Busy"}, "did you mean name:Busy, for any type of this name?"),
    ({"on": "htp:429"}, "begins with no known word; did you mean http?"),
    ({"on": "errno:ECONREFUSED"}, "did you mean ECONNREFUSED?"),
    ({"on": ""}, "on: is missing, and so is message"),
    ({"message": "("}, "message: '(' is no expression"),
    ({"message": ".*"}, "message: '.*' also matches where nothing is"),
    ({"says": 3}, "says: must be text"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_a_wrong_rule_is_named_with_its_place_and_the_nearest_word(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        table(rule(**given))
    assert said in str(refused.value)
    assert str(refused.value).startswith("healing.toml: rule ")


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match='rule "mine": name: another rule has it already'):
        table(rule(), rule())


def test_a_rule_without_a_category_is_told_which_there_are() -> None:
    with pytest.raises(ConfigurationError, match="category: is missing; known are general, network"):
        table({"name": "mine", "on": "shop.Busy"})


@pytest.mark.parametrize("category", ["programming", "validation", "auth", "configuration"])
@pytest.mark.parametrize("given", [{"transient": True}, {"strategies": ["use_default_value"]}])
def test_errors_that_must_surface_get_no_strategies(category: str, given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"errors of kind {category} must surface"):
        table(rule(category=category, **given))


SURFACING = [
    *("builtins.TypeError", "builtins.ValueError", "builtins.Exception", "http:401", "http:422", "http:400"),
    *("sqlstate:23505", "sqlstate:42", "mysql:1062", "mongo:11000", "grpc:UNAUTHENTICATED", "name:ValidationError"),
]


@pytest.mark.parametrize("key", SURFACING)
def test_what_ours_lets_surface_is_not_made_transient_by_another_category(key: str) -> None:
    with pytest.raises(ConfigurationError, match="must surface; a message would have to narrow"):
        table(rule(on=key, transient=True))
    table(rule(on=key))
    table(rule(on=key, transient=True, message="ledger closed"))


def test_a_permanent_error_is_not_queued() -> None:
    with pytest.raises(ConfigurationError, match="queue_for_later runs the call again"):
        table(rule(strategies=["queue_for_later"]))
    table(rule(strategies=["queue_for_later", "retry_with_backoff"]))


def test_the_settings_hold_the_tables_and_say_where_they_are_from(tmp_path: Path) -> None:
    path = tmp_path / "healing.toml"
    path.write_text('[[rules]]\nname = "a"\non = "shop.Busy"\ncategory = "queue"\n')
    found = resolve({}, path, {})
    assert found.rules == ({"name": "a", "on": "shop.Busy", "category": "queue"},)
    assert found.origins["rules"] == "healing.toml"
    with pytest.raises(
        ConfigurationError, match=r"HEALING_RULES \(environment\): must be tables, written as \[\[rules"
    ):
        resolve({"HEALING_RULES": "x"}, None, {})


def test_a_wrong_rule_is_told_of_where_it_is_configured(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r'configure\(\): rule "mine": category'):
        healing.configure(spool_dir=tmp_path / "spool", rules=[rule(category="x")])


def test_a_wrapped_call_goes_by_the_rule() -> None:
    runs: list[int] = []

    @healing.self_healing(source="ledger", atomic=True)
    def post() -> str:
        runs.append(1)
        if len(runs) == 1:
            raise Busy("x")
        return "posted"

    with testing.active(rules=[rule(executed="no", transient=True)]) as recorder:
        assert post() == "posted"
    assert recorder.events[0].opening.details["diagnosis"]["rule"] == "mine"
    assert recorder.events[0].opening.details["diagnosis"]["own"] is True


def test_explaining_goes_by_the_rule() -> None:
    with testing.active(rules=[rule(transient=True)]):
        found = healing.explain(raised(lambda: (_ for _ in ()).throw(Busy("x"))), idempotent=True)
    assert (found.rule, found.own, found.stop_reason) == ("mine", True, None)


def test_the_example_of_the_page_is_loaded() -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    rules = [rule for example in examples for rule in tomllib.loads(example)["rules"]]
    assert len(rules) >= 3
    assert all(found.own for found in own_rules(rules, "docs/rules.md"))


def test_every_key_is_explained_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [key for key in KEYS if f"`{key}`" not in text] == []
    assert [prefix for prefix in PREFIXES if f"`{prefix}:" not in text] == []
