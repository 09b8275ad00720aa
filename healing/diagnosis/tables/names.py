"""Errors of unknown types, by the words of their own names: `PaymentGatewayTimeout`, `OrderNotFoundError`.

`first:` and `last:` are the name's first word and its last ones, without `Error` and the like, in lower case.
"""

from __future__ import annotations

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity


def _last(words: str) -> str:
    return " ".join(f"last:{word}" for word in words.split())


NAMES = (
    Rule(
        name="named_timeout",
        on=_last("timeout timedout deadlineexceeded"),
        category=Category.TIMEOUT,
        course=RETRY,
        says="By its name, there was no answer in time.",
    ),
    Rule(
        name="named_rate_limit",
        on=_last("ratelimit ratelimited ratelimitexceeded throttled throttling throttle toomanyrequests slowdown"),
        category=Category.RATE_LIMIT,
        course=RATE,
        says="By its name, there were too many calls.",
    ),
    Rule(
        name="named_quota",
        on=_last("quota quotaexceeded quotaexhausted billing paymentrequired"),
        category=Category.RATE_LIMIT,
        severity=Severity.HIGH,
        says="By its name, the account's quota is used up.",
    ),
    Rule(
        name="named_circuit_open",
        on=_last("circuitbreaker circuitopen circuitbreakeropen breakeropen breaker"),
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        says="By its name, a circuit breaker kept the call back.",
    ),
    Rule(
        name="named_auth",
        on=(
            f"{_last('auth authentication authenticationfailed authfailed authorization unauthorized unauthenticated')}"
            f" {_last('forbidden permission permissions permissiondenied accessdenied denied credentials credential')}"
            f" {_last('notauthorized notauthenticated login loginfailed tokenexpired expiredtoken invalidtoken')}"
            f" {_last('expiredsignature invalidsignature signature notpermitted notallowed accountlocked userlocked')}"
            f" {_last('accountdisabled userdisabled password sessionexpired')}"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="By its name, somebody may not do this.",
    ),
    Rule(
        name="named_unavailable",
        on=_last("unavailable overloaded serverdown down server internalserver badgateway gateway upstream temporary"),
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="By its name, the far end cannot answer at the moment.",
    ),
    Rule(
        name="named_connection",
        on=(
            f"{_last('connection connect connectionlost connectionclosed connectionrefused connectionreset')}"
            f" {_last('connectionaborted disconnected disconnect network transport socket unreachable brokenpipe')}"
        ),
        category=Category.NETWORK,
        course=CONNECT,
        says="By its name, the connection failed.",
    ),
    Rule(
        name="named_locked",
        on=_last("locked lock lockheld busy contention concurrentupdate concurrency staledata deadlock"),
        category=Category.CONCURRENCY,
        course=RETRY,
        says="By its name, somebody else is at work on the same thing.",
    ),
    Rule(
        name="named_configuration",
        on=(
            f"{_last('configuration config improperlyconfigured misconfigured settings setting missingsetting')}"
            f" {_last('configurationmissing notconfigured environment missingdependency dependency notinstalled')}"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="By its name, a setting is wrong or missing.",
    ),
    Rule(
        name="named_bad_answer",
        on=_last("response unexpectedresponse answer responseparse responsevalidation badresponse malformedresponse"),
        category=Category.EXTERNAL_API,
        course=RETRY,
        says="By its name, the far end answered with something unexpected.",
    ),
    Rule(
        name="named_wrong_use",
        on=(
            f"{_last('notimplemented unsupportedoperation illegalstate invalidstate undefined usage programming')}"
            f" {_last('misuse assertion compile syntax template templatesyntax bug alreadyclosed notregistered')}"
            f" {_last('query attribute invariant')}"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="By its name, the code itself is wrong for this case.",
    ),
    Rule(
        name="named_invalid",
        on=(
            "first:invalid first:malformed first:bad first:unsupported first:illegal first:unknown first:missing"
            " first:unexpected first:duplicate first:insufficient first:not first:no first:cannot"
            f" {_last('validation invalid badrequest malformed parse parser parsing decode decoding encode encoding')}"
            f" {_last('serialization deserialization scanner format schema value data input argument parameter type')}"
            f" {_last('unsupported unprocessable unprocessableentity request toolarge toolong toosmall outofrange')}"
            f" {_last('overflow mismatch required missing')}"
        ),
        category=Category.VALIDATION,
        says="By its name, what was passed is not acceptable.",
    ),
    Rule(
        name="named_refusal",
        on=(
            f"{_last('notfound doesnotexist nosuch exists alreadyexists duplicate unique integrity constraint')}"
            f" {_last('declined rejected refused outofstock soldout insufficientfunds insufficientbalance expired')}"
            f" {_last('cancelled canceled ineligible rule policy precondition preconditionfailed gone notsupported')}"
            f" {_last('violation limitreached limitexceeded blocked suspended conflict closed')}"
        ),
        category=Category.VALIDATION,
        says="By its name, the request was refused for good.",
    ),
    Rule(
        name="named_out_of_room",
        on=_last("outofmemory memory diskfull nospace storagefull"),
        category=Category.RESOURCE,
        severity=Severity.CRITICAL,
        says="By its name, memory or room is used up.",
    ),
    Rule(
        name="named_exhausted",
        on=_last("poolexhausted pooltimeout exhausted nofreeconnection"),
        category=Category.RESOURCE,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="By its name, everything of a pool is in use.",
    ),
    Rule(
        name="library_misused",
        on="raised_by_library:RuntimeError",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="A library raised it by itself: it is used in a way or at a time that it does not allow.",
    ),
)
