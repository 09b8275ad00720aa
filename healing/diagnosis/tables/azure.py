"""Azure: error codes of storage, messages and documents."""

from __future__ import annotations

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

AZURE = (
    Rule(
        name="azure_credentials",
        on=(
            "azure:AuthenticationFailed azure:AuthorizationFailure azure:AuthorizationFailed"
            " azure:InsufficientAccountPermissions"
            " azure:AuthorizationPermissionMismatch azure:InvalidAuthenticationInfo azure:AccountIsDisabled"
            " azure:NoAuthenticationInformation azure:Forbidden azure:Unauthorized azure:InvalidAuthenticationToken"
            " azure:ExpiredAuthenticationToken azure:LinkedAuthorizationFailed"
            " azure.core.exceptions.ClientAuthenticationError"
            " azure.servicebus.exceptions.ServiceBusAuthenticationError"
            " azure.servicebus.exceptions.ServiceBusAuthorizationError"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="Azure does not accept these credentials, or not for this.",
    ),
    Rule(
        name="azure_rate_limited",
        on=(
            "azure:ServerBusy azure:TooManyRequests azure:OperationNotAllowedThrottled azure:RequestRateTooLarge"
            " azure:ReadRequestsThrottled azure:IngressLimitExceeded azure:Throttled"
            " azure.servicebus.exceptions.ServiceBusServerBusyError"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="Azure refused the call because there were too many.",
    ),
    Rule(
        name="azure_quota_used_up",
        on="azure:QuotaExceeded azure.servicebus.exceptions.ServiceBusQuotaExceededError azure:SkuNotAvailable",
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The account's quota is used up: a person has to raise it.",
    ),
    Rule(
        name="azure_timed_out",
        on="azure:OperationTimedOut azure:GatewayTimeout azure.servicebus.exceptions.OperationTimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; Azure may have done the work all the same.",
    ),
    Rule(
        name="azure_held_by_another",
        on=(
            "azure:LeaseAlreadyPresent azure:LeaseIdMissing azure:LeaseIdMismatchWithBlobOperation"
            " azure:ContainerBeingDeleted azure:QueueBeingDeleted azure:TableBeingDeleted azure:PendingCopyOperation"
            " azure:ShareBeingDeleted azure:AnotherOperationInProgress azure:RetryableError azure:OperationPreempted"
            " azure:FileLockConflict azure:SharingViolation azure:DeletePending"
            " azure.servicebus.exceptions.SessionCannotBeLockedError"
        ),
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else holds it at the moment, so Azure did nothing.",
    ),
    Rule(
        name="azure_changed_meanwhile",
        on=(
            "azure:ConditionNotMet azure:UpdateConditionNotSatisfied azure:TargetConditionNotMet"
            " azure.core.exceptions.ResourceModifiedError azure:SequenceNumberConditionNotMet"
        ),
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Somebody else changed it meanwhile, so Azure did not; read it again and decide anew.",
    ),
    Rule(
        name="azure_not_there",
        on=(
            "azure.core.exceptions.ResourceNotFoundError azure.core.exceptions.ResourceExistsError"
            " azure.core.exceptions.ResourceNotModifiedError"
        ),
        category=Category.EXTERNAL_API,
        says="What was asked for is not there, or is there already.",
    ),
    Rule(
        name="azure_lock_lost",
        on=(
            "azure.servicebus.exceptions.MessageLockLostError azure.servicebus.exceptions.SessionLockLostError"
            " azure.servicebus.exceptions.AutoLockRenewFailed azure.servicebus.exceptions.AutoLockRenewTimeout"
        ),
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The lock on the message ran out: it will be delivered again.",
    ),
    Rule(
        name="azure_broker_connection",
        on=(
            "azure.servicebus.exceptions.ServiceBusConnectionError"
            " azure.servicebus.exceptions.ServiceBusCommunicationError"
        ),
        category=Category.QUEUE,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The connection to the broker broke off; the message may have arrived before.",
    ),
    Rule(
        name="azure_message_invalid",
        on="azure.servicebus.exceptions.MessageSizeExceededError azure:RequestBodyTooLarge azure:InvalidInput",
        category=Category.VALIDATION,
        says="Azure does not accept what was sent.",
    ),
    Rule(
        name="azure_broker_refused",
        on=(
            "azure.servicebus.exceptions.MessagingEntityNotFoundError"
            " azure.servicebus.exceptions.MessageNotFoundError"
            " azure.servicebus.exceptions.MessagingEntityDisabledError azure.servicebus.exceptions.ServiceBusError"
            " azure.servicebus.exceptions.MessagingEntityAlreadyExistsError"
        ),
        category=Category.QUEUE,
        severity=Severity.HIGH,
        says="The broker does not accept the operation.",
    ),
)
