"""Clouds: AWS, Google, Azure, and gRPC."""

from __future__ import annotations

import re

from healing.diagnosis.rule import CONNECT, RATE, RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

AWS = (
    Rule(
        name="aws_credentials",
        on=(
            "botocore.exceptions.NoCredentialsError botocore.exceptions.PartialCredentialsError"
            " botocore.exceptions.CredentialRetrievalError botocore.exceptions.NoAuthTokenError"
            " botocore.exceptions.TokenRetrievalError botocore.exceptions.SSOError botocore.exceptions.LoginError"
            " botocore.exceptions.RefreshWithMFAUnsupportedError aws:AccessDenied aws:AccessDeniedException"
            " aws:AuthFailure aws:UnauthorizedOperation aws:Unauthorized aws:UnauthorizedException"
            " aws:NotAuthorizedException aws:NotAuthorized aws:ExpiredToken aws:ExpiredTokenException"
            " aws:InvalidToken"
            " aws:RequestExpired aws:InvalidClientTokenId aws:InvalidAccessKeyId aws:SignatureDoesNotMatch"
            " aws:InvalidSignatureException aws:IncompleteSignature aws:UnrecognizedClientException"
            " aws:MissingAuthenticationToken aws:MissingAuthenticationTokenException aws:OptInRequired"
            " aws:AccountProblem aws:AllAccessDisabled aws:TokenRefreshRequired aws:KMSAccessDeniedException"
            " aws:KMS.AccessDeniedException aws:AuthorizationError aws:RequestTimeTooSkewed aws:Forbidden"
        ),
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="AWS does not accept these credentials, or not for this.",
    ),
    Rule(
        name="aws_rate_limited",
        on=(
            "aws:Throttling aws:ThrottlingException aws:ThrottledException aws:Throttled aws:ThrottlingError"
            " aws:RequestThrottled aws:RequestThrottledException aws:RequestLimitExceeded"
            " aws:TooManyRequestsException"
            " aws:TooManyRequests aws:ProvisionedThroughputExceededException aws:SlowDown aws:BandwidthLimitExceeded"
            " aws:EC2ThrottledException aws:LimitExceededException aws:PriorRequestNotComplete aws:SNSThrottled"
            " aws:KMSThrottlingException aws:RequestQuotaExceeded"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="AWS refused the call because there were too many.",
    ),
    Rule(
        name="aws_quota_used_up",
        on=(
            "aws:ServiceQuotaExceededException aws:QuotaExceededException aws:LimitExceeded aws:VcpuLimitExceeded"
            " aws:InstanceLimitExceeded aws:DailyQuotaExceeded aws:LimitExceededFault aws:QuotaExceeded"
            " aws:ItemCollectionSizeLimitExceededException"
        ),
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The account's quota is used up: a person has to raise it.",
    ),
    Rule(
        name="aws_contention",
        on=(
            "aws:TransactionConflictException aws:TransactionConflict aws:TransactionInProgressException"
            " aws:OperationAborted aws:ConditionalRequestConflict aws:ConcurrentModificationException"
            " aws:ConcurrentModification aws:ConcurrentUpdateException aws:ResourceInUseException aws:ResourceInUse"
            " aws:OptimisticLockException aws:ConflictException aws:ResourceConflictException aws:IncorrectState"
            " aws:ReplicatedWriteConflictException"
        ),
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="Another call is at work on the same thing, so AWS did not begin this one.",
    ),
    Rule(
        name="aws_condition_failed",
        on="aws:ConditionalCheckFailedException aws:ConditionalCheckFailed aws:PreconditionFailed",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        says="The condition of the write does not hold: somebody changed the item, or it is there already.",
    ),
    Rule(
        name="aws_timed_out",
        on=(
            "aws:RequestTimeout aws:RequestTimeoutException aws:ModelTimeoutException aws:TimeoutException"
            " aws:OperationTimedOutException botocore.exceptions.WaiterError"
        ),
        category=Category.TIMEOUT,
        course=RETRY,
        says="AWS did not get or give the whole of it in time; it may have done the work.",
    ),
    Rule(
        name="aws_no_capacity",
        on=(
            "aws:InsufficientInstanceCapacity aws:InsufficientHostCapacity aws:CapacityNotAvailableException"
            " aws:ModelNotReadyException aws:InsufficientCapacity"
        ),
        category=Category.EXTERNAL_API,
        executed=Executed.NO,
        course=RETRY,
        severity=Severity.HIGH,
        says="AWS has no machine or model free at the moment.",
    ),
    Rule(
        name="aws_failed",
        on=(
            "aws:ServiceUnavailable aws:ServiceUnavailableException aws:Unavailable aws:InternalError"
            " aws:InternalFailure aws:InternalServerError aws:InternalServerException aws:InternalServiceError"
            " aws:InternalServiceException aws:ServiceException aws:InternalErrorException aws:KMSInternalException"
            " aws:InternalServerErrorException aws:DependencyTimeoutException aws:503 aws:500 aws:502"
        ),
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="AWS failed; it may have done the work before.",
    ),
    Rule(
        name="aws_answer_damaged",
        on="botocore.exceptions.ChecksumError botocore.exceptions.FlexibleChecksumError",
        category=Category.EXTERNAL_API,
        executed=Executed.YES,
        course=RETRY,
        says="AWS answered, but what arrived is damaged.",
    ),
    Rule(
        name="aws_not_there",
        on=(
            "aws:NoSuchKey aws:NoSuchBucket aws:NoSuchUpload aws:NoSuchEntity aws:ResourceNotFoundException aws:404"
            " aws:NotFoundException aws:NotFound aws:AWS.SimpleQueueService.NonExistentQueue aws:QueueDoesNotExist"
            " aws:BucketAlreadyExists aws:BucketAlreadyOwnedByYou aws:ResourceAlreadyExistsException"
            " aws:EntityAlreadyExists"
            " aws:DBInstanceNotFound aws:InvalidInstanceID.NotFound aws:BucketNotEmpty aws:InvalidObjectState"
            " aws:MessageRejected aws:UserNotFoundException aws:UsernameExistsException"
        ),
        category=Category.EXTERNAL_API,
        says="What was asked for is not there, or is there already.",
    ),
    Rule(
        name="aws_request_invalid",
        on=(
            "botocore.exceptions.ParamValidationError botocore.exceptions.ValidationError aws:ValidationException"
            " aws:ValidationError aws:InvalidParameterValue aws:InvalidParameterException aws:InvalidParameter"
            " aws:InvalidParameterCombination aws:MissingParameter aws:MalformedQueryString aws:InvalidRequest"
            " aws:InvalidRequestException aws:InvalidArgument aws:EntityTooLarge aws:EntityTooSmall aws:InvalidPart"
            " aws:MalformedXML aws:MalformedPolicyDocument aws:InvalidAction aws:SerializationException"
            " aws:IdempotentParameterMismatch aws:InvalidBucketName aws:InvalidRange aws:BadDigest aws:InvalidDigest"
            " aws:CodeMismatchException aws:ExpiredCodeException aws:RequestEntityTooLargeException"
        ),
        category=Category.VALIDATION,
        says="AWS does not accept what was sent.",
    ),
    Rule(
        name="aws_set_up_wrongly",
        on=(
            "botocore.exceptions.NoRegionError botocore.exceptions.ProfileNotFound botocore.exceptions.ConfigNotFound"
            " botocore.exceptions.ConfigParseError botocore.exceptions.InvalidConfigError"
            " botocore.exceptions.UnknownEndpointError botocore.exceptions.UnknownServiceError"
            " botocore.exceptions.UnknownRegionError botocore.exceptions.InvalidRetryConfigurationError"
            " botocore.exceptions.InvalidEndpointConfigurationError botocore.exceptions.MissingDependencyException"
            " botocore.exceptions.EndpointProviderError botocore.exceptions.ServiceNotInRegionError"
            " botocore.exceptions.DataNotFoundError aws:PermanentRedirect aws:AuthorizationHeaderMalformed"
            " aws:IllegalLocationConstraintException"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A region, profile or endpoint is missing or wrong.",
    ),
    Rule(
        name="aws_sdk_misused",
        on=(
            "botocore.exceptions.OperationNotPageableError botocore.exceptions.UnknownClientMethodError"
            " botocore.exceptions.UnseekableStreamError botocore.exceptions.StubResponseError"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The SDK is used in a way that cannot work.",
    ),
)

GRPC = (
    Rule(
        name="grpc_not_connected",
        on="grpc:UNAVAILABLE",
        message=re.compile(
            r"failed to connect to all addresses|connection refused|connections to all backends failing"
        ),
        category=Category.NETWORK,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="No connection to the service came about, so the call never arrived.",
    ),
    Rule(
        name="grpc_name_not_resolved",
        on="grpc:UNAVAILABLE",
        message=re.compile(r"(DNS|Name|name) (query|resolution) failed|DNS resolution failed"),
        category=Category.DNS,
        executed=Executed.NO,
        course=CONNECT,
        severity=Severity.HIGH,
        says="The service's name could not be resolved, so the call never left.",
    ),
    Rule(
        name="grpc_unavailable",
        on="grpc:UNAVAILABLE grpc:INTERNAL grpc:UNKNOWN",
        category=Category.EXTERNAL_API,
        course=RETRY,
        severity=Severity.HIGH,
        says="The service failed; it may have done the work before.",
    ),
    Rule(
        name="grpc_exhausted",
        on="grpc:RESOURCE_EXHAUSTED",
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="The service refused the call because there were too many, or its quota is used up.",
    ),
    Rule(
        name="grpc_deadline",
        on="grpc:DEADLINE_EXCEEDED grpc.FutureTimeoutError",
        category=Category.TIMEOUT,
        course=RETRY,
        says="No answer in time; the service may have done the work all the same.",
    ),
    Rule(
        name="grpc_aborted",
        on="grpc:ABORTED",
        category=Category.CONCURRENCY,
        executed=Executed.NO,
        course=RETRY,
        says="The service gave up this call in favour of a competing one.",
    ),
    Rule(
        name="grpc_cancelled",
        on="grpc:CANCELLED grpc.FutureCancelledError",
        category=Category.CONCURRENCY,
        severity=Severity.LOW,
        says="The call was cancelled on purpose.",
    ),
    Rule(
        name="grpc_not_allowed",
        on="grpc:UNAUTHENTICATED grpc:PERMISSION_DENIED",
        category=Category.AUTH,
        severity=Severity.HIGH,
        says="The service does not accept who is calling.",
    ),
    Rule(
        name="grpc_request_invalid",
        on="grpc:INVALID_ARGUMENT grpc:OUT_OF_RANGE",
        category=Category.VALIDATION,
        says="The service does not accept what was sent.",
    ),
    Rule(
        name="grpc_refused",
        on="grpc:NOT_FOUND grpc:ALREADY_EXISTS grpc:FAILED_PRECONDITION grpc:UNIMPLEMENTED",
        category=Category.EXTERNAL_API,
        says="The service has said no for good: not there, there already, or not possible.",
    ),
    Rule(
        name="grpc_data_lost",
        on="grpc:DATA_LOSS",
        category=Category.EXTERNAL_API,
        severity=Severity.CRITICAL,
        says="The service has lost data for good.",
    ),
)

GOOGLE = (
    Rule(
        name="google_rate_limited",
        on="google:rateLimitExceeded google:userRateLimitExceeded",
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        course=RATE,
        says="The service refused the call because there were too many.",
    ),
    Rule(
        name="google_quota_used_up",
        on="google:quotaExceeded google:dailyLimitExceeded",
        category=Category.RATE_LIMIT,
        executed=Executed.NO,
        severity=Severity.HIGH,
        says="The project's quota is used up: it comes back another day, or a person has to raise it.",
    ),
    Rule(
        name="google_retries_exhausted",
        on="google.api_core.exceptions.RetryError",
        category=Category.TIMEOUT,
        course=RETRY,
        wraps=True,
        resends=True,
        says="The client has tried until its deadline and got no good answer.",
    ),
    Rule(
        name="google_answer_damaged",
        on="google.resumable_media.common.DataCorruption google.cloud.storage.exceptions.DataCorruption",
        category=Category.EXTERNAL_API,
        executed=Executed.YES,
        course=RETRY,
        says="The service answered, but what arrived is damaged.",
    ),
)

CLOUD = (*AWS, *GRPC, *GOOGLE)
