"""Directories, by python-ldap and ldap3."""

from __future__ import annotations

from healing.diagnosis.rule import CONNECT, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity


def _ldap3(*names: str) -> str:
    return " ".join(f"ldap3.core.exceptions.LDAP{name}" for name in names)


LDAP = (
    Rule(
        name="ldap_credentials",
        on=(
            "name:INVALID_CREDENTIALS ldap.INVALID_CREDENTIALS name:INSUFFICIENT_ACCESS ldap.INSUFFICIENT_ACCESS"
            " ldap.STRONG_AUTH_REQUIRED ldap.INAPPROPRIATE_AUTH"
            " ldap.AUTH_UNKNOWN "
            + _ldap3(
                *(
                    "InvalidCredentialsResult",
                    "InsufficientAccessRightsResult",
                    "BindError",
                    "PasswordIsMandatoryError",
                ),
                *("StrongerAuthRequiredResult", "InappropriateAuthenticationResult", "AuthorizationDeniedResult"),
            )
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The directory does not accept this user or what they ask.",
    ),
    Rule(
        name="ldap_cannot_connect",
        on="name:SERVER_DOWN ldap.SERVER_DOWN name:CONNECT_ERROR ldap.CONNECT_ERROR "
        + _ldap3("SocketOpenError", "ServerPoolExhaustedError"),
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        wraps=True,
        says="No connection to the directory came about.",
    ),
    Rule(
        name="ldap_busy",
        on="name:BUSY ldap.BUSY name:UNAVAILABLE ldap.UNAVAILABLE name:ADMINLIMIT_EXCEEDED ldap.ADMINLIMIT_EXCEEDED "
        + _ldap3("BusyResult", "UnavailableResult"),
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="The directory is busy and did nothing.",
    ),
    Rule(
        name="ldap_timed_out",
        on="ldap.TIMEOUT ldap.TIMELIMIT_EXCEEDED " + _ldap3("ResponseTimeoutError", "TimeLimitExceededResult"),
        category=Category.TIMEOUT,
        course=RETRY,
        says="The directory did not answer in time.",
    ),
    Rule(
        name="ldap_connection",
        on=_ldap3("CommunicationError", "SessionTerminatedByServerError", "MaximumRetriesError"),
        category=Category.NETWORK,
        course=CONNECT,
        wraps=True,
        says="The connection to the directory broke off.",
    ),
    Rule(
        name="ldap_invalid",
        on=(
            "ldap.INVALID_SYNTAX ldap.INVALID_DN_SYNTAX ldap.CONSTRAINT_VIOLATION ldap.OBJECT_CLASS_VIOLATION"
            " ldap.UNDEFINED_TYPE ldap.FILTER_ERROR "
            + _ldap3("InvalidDnError", "InvalidFilterError", "InvalidAttributeSyntaxResult", "InvalidDNSyntaxResult")
            + " "
            + _ldap3("ConstraintViolationResult", "ObjectClassViolationResult", "UndefinedAttributeTypeResult")
        ),
        category=Category.VALIDATION,
        says="The entry or the filter does not fit the directory.",
    ),
    Rule(
        name="ldap_set_up_wrongly",
        on=_ldap3("ConfigurationError", "InvalidServerError", "InvalidPortError", "SSLConfigurationError"),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="The address or a setting of the directory is wrong.",
    ),
    Rule(
        name="ldap_refused",
        on="ldap.LDAPError " + _ldap3("OperationResult", "Exception"),
        category=Category.EXTERNAL_API,
        says="The directory does not accept the operation.",
    ),
)
