"""Errors of botocore and boto3: real clients against a loopback endpoint."""

from __future__ import annotations

import functools
import json
import os
from typing import Any
from unittest import mock

import boto3.exceptions
import botocore.config
import botocore.exceptions
import botocore.session

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import Reply, answer, closed_port, deaf_port, name_failure, patience, port_of, raised, silent_port, site
from .tls_servers import authority_file, tls_port


@functools.cache
def _session() -> botocore.session.Session:
    session = botocore.session.Session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    return session


def _client(service: str, url: str, **options: Any) -> Any:
    config = botocore.config.Config(
        retries={"total_max_attempts": 1},
        connect_timeout=patience(url),
        read_timeout=patience(url),
        s3={"addressing_style": "path"},
        **options,
    )
    verify = authority_file() if url.startswith("https://127") else None
    return _session().create_client(service, "eu-west-1", endpoint_url=url, config=config, verify=verify)


_client("sqs", "http://127.0.0.1:9324")


def _call(service: str, operation: str, url: str, **arguments: Any) -> BaseException:
    return raised(lambda: getattr(_client(service, url), operation)(**arguments))


def _said(service: str, operation: str, status: int, code: str, text: str, **arguments: Any) -> BaseException:
    """The error of a JSON service."""
    extra = arguments.pop("extra", {})
    body = json.dumps({"__type": code, "message": text, **extra}).encode()
    kind = "application/x-amz-json-1.0"
    url = answer(status, body, Content_Type=kind, x_amzn_ErrorType=code, x_amzn_RequestId="7c1b-44")
    return _call(service, operation, url, **arguments)


def _xml(service: str, operation: str, status: int, code: str, text: str, **arguments: Any) -> BaseException:
    """The error of an XML service."""
    inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>"
    body = inner if service == "s3" else f"<ErrorResponse>{inner}<RequestId>7c1b-44</RequestId></ErrorResponse>"
    url = answer(status, f'<?xml version="1.0"?>{body}'.encode(), Content_Type="text/xml")
    return _call(service, operation, url, **arguments)


def _plain(operation: str, status: int, code: str, text: str) -> BaseException:
    answered: Any = {"Error": {"Code": code, "Message": text}, "ResponseMetadata": {"HTTPStatusCode": status}}
    error: BaseException = botocore.exceptions.ClientError(answered, operation)
    return error


OBJECT = {"Bucket": "acme-invoices", "Key": "2024/11/INV-50231.pdf"}
ITEM: dict[str, Any] = {"TableName": "carts", "Item": {"id": {"S": "c-1"}}}


def _unresolved() -> BaseException:
    with name_failure():
        return _call("sqs", "list_queues", "https://sqs.eu-west-1.amazonaws.com")


def _without_credentials() -> BaseException:
    with mock.patch.dict(os.environ, {"AWS_EC2_METADATA_DISABLED": "true"}, clear=True):
        session = botocore.session.Session()
        session.set_config_variable("credentials_file", "/nonexistent/credentials")
        client = session.create_client("s3", "eu-west-1", endpoint_url=answer(200))
        return raised(lambda: client.get_object(**OBJECT))


def _without_region() -> BaseException:
    with mock.patch.dict(os.environ, {}, clear=True):
        return raised(lambda: _session().create_client("sqs"))


def _body_cut() -> BaseException:
    cut = Reply(b'HTTP/1.1 200 OK\r\nContent-Length: 9000\r\nETag: "5d41"\r\n\r\n%PDF-1.7')
    body = _client("s3", site(cut)).get_object(**OBJECT)["Body"]
    return raised(body.read)


def _waiter() -> BaseException:
    client = _client("s3", answer(404, b""))
    waiter = client.get_waiter("object_exists")
    return raised(lambda: waiter.wait(**OBJECT, WaiterConfig={"Delay": 0, "MaxAttempts": 2}))


NOT_HERE = frozenset({"CLEAR_CACHE_AND_RETRY", "RESET_CONNECTION"})
CANCELLED = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}]}
UPLOAD_FAILED = (
    "Failed to upload /var/spool/export.parquet to acme-lake/raw/export.parquet: An error occurred "
    "(SlowDown) when calling the UploadPart operation (reached max retries: 4): "
    "Please reduce your request rate."
)

CASES = [
    Case(
        "s3_no_such_key",
        lambda: _xml("s3", "get_object", 404, "NoSuchKey", "The key does not exist.", **OBJECT),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The object is not there.",
    ),
    Case(
        "s3_head_object_404",
        lambda: _call("s3", "head_object", answer(404, b""), **OBJECT),
        ("external_api",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "A HEAD answer has no body, so the code is just '404'.",
    ),
    Case(
        "s3_access_denied",
        lambda: _xml("s3", "put_object", 403, "AccessDenied", "Access Denied", **OBJECT),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The role lacks the permission.",
    ),
    Case(
        "s3_slow_down",
        lambda: _xml("s3", "put_object", 503, "SlowDown", "Please reduce your request rate.", **OBJECT, Body=b"x"),
        ("rate_limit",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "S3's throttle comes as a 503 with the code SlowDown.",
    ),
    Case(
        "s3_internal_error",
        lambda: _xml("s3", "put_object", 500, "InternalError", "We had an internal error.", **OBJECT, Body=b"x"),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "S3 asks to try again; whether the object was stored is open.",
    ),
    Case(
        "s3_copy_answers_200_with_error",
        lambda: _xml(
            "s3",
            "copy_object",
            200,
            "InternalError",
            "We encountered an internal error. Please try again.",
            **OBJECT,
            CopySource="acme-old/INV-50231.pdf",
        ),
        ("external_api",),
        True,
        is_.UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "A 200 whose body is an error: the copy failed on the far side.",
    ),
    Case(
        "s3_conditional_put_lost",
        lambda: _xml(
            "s3",
            "put_object",
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
            **OBJECT,
            Body=b"x",
            IfNoneMatch="*",
        ),
        ("concurrency", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Another writer created the object first.",
    ),
    Case(
        "s3_clock_skew",
        lambda: _xml(
            "s3",
            "get_object",
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the server's time is too large.",
            **OBJECT,
        ),
        ("auth", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The host's clock is wrong, so no signature is accepted until it is set.",
    ),
    Case(
        "s3_expired_token",
        lambda: _xml("s3", "get_object", 400, "ExpiredToken", "The provided token has expired.", **OBJECT),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A status of 400, but the session token has expired.",
    ),
    Case(
        "s3_bucket_in_other_region",
        lambda: _plain(
            "PutObject",
            301,
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint.",
        ),
        ("configuration", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE | {"SWITCH_API_ENDPOINT"},
        is_.RERUNS,
        "The client is configured for the wrong region.",
    ),
    Case(
        "s3_body_cut_while_streaming",
        _body_cut,
        ("network", "external_api"),
        True,
        is_.YES_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The download broke off in the middle.",
    ),
    Case(
        "sts_answer_is_no_xml",
        lambda: _call("sts", "get_caller_identity", answer(200, b"<html><p>captive portal", Content_Type="text/html")),
        ("external_api",),
        True,
        is_.YES_OR_UNKNOWN,
        is_.MALFORMED,
        frozenset({"ROLLBACK_TRANSACTION"}),
        "ResponseParserError: something in between answered with HTML.",
    ),
    Case(
        "s3_upload_failed_message_only",
        lambda: boto3.exceptions.S3UploadFailedError(UPLOAD_FAILED),
        ("rate_limit", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "boto3 passes only the text on, which says SlowDown.",
    ),
    Case(
        "dynamodb_throughput_exceeded",
        lambda: _said(
            "dynamodb",
            "put_item",
            400,
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded.",
            **ITEM,
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "A 400 by status, a throttle by code.",
    ),
    Case(
        "dynamodb_conditional_check_failed",
        lambda: _said(
            "dynamodb", "put_item", 400, "ConditionalCheckFailedException", "The conditional request failed", **ITEM
        ),
        ("concurrency", "database"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The item is no longer as the condition says; the same write fails again.",
    ),
    Case(
        "dynamodb_transaction_conflict",
        lambda: _said(
            "dynamodb",
            "transact_write_items",
            400,
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, TransactionConflict]",
            extra=CANCELLED,
            TransactItems=[{"Put": ITEM}],
        ),
        ("concurrency", "database"),
        True,
        is_.NO,
        is_.RETRY | {"ROLLBACK_TRANSACTION"},
        NOT_HERE,
        "Another transaction was at the same item; nothing was written and it passes.",
    ),
    Case(
        "dynamodb_key_does_not_match_schema",
        lambda: _said(
            "dynamodb",
            "put_item",
            400,
            "ValidationException",
            "One or more parameter values were invalid: Type mismatch for key id",
            **ITEM,
        ),
        ("validation", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The key has the wrong type.",
    ),
    Case(
        "dynamodb_table_missing",
        lambda: _said("dynamodb", "put_item", 400, "ResourceNotFoundException", "Requested resource not found", **ITEM),
        ("external_api", "database", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The table does not exist in this account and region.",
    ),
    Case(
        "sqs_queue_does_not_exist",
        lambda: _said(
            "sqs",
            "send_message",
            400,
            "com.amazonaws.sqs#QueueDoesNotExist",
            "The specified queue does not exist.",
            QueueUrl="https://sqs/1/jobs",
            MessageBody="x",
        ),
        ("queue", "configuration", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "There is no such queue.",
    ),
    Case(
        "sqs_receipt_handle_expired",
        lambda: _said(
            "sqs",
            "delete_message",
            400,
            "com.amazonaws.sqs#ReceiptHandleIsInvalid",
            "The receipt handle has expired",
            QueueUrl="https://sqs/1/jobs",
            ReceiptHandle="AQEB",
        ),
        ("queue", "validation", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The visibility time is over and the handle stays invalid.",
    ),
    Case(
        "sts_assume_role_denied",
        lambda: _xml(
            "sts",
            "assume_role",
            403,
            "AccessDenied",
            "not authorized to perform: sts:AssumeRole",
            RoleArn="arn:aws:iam::123456789012:role/deploy",
            RoleSessionName="nightly",
        ),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The trust policy does not let this account in.",
    ),
    Case(
        "sts_identity_provider_not_reached",
        lambda: _xml(
            "sts",
            "assume_role_with_web_identity",
            400,
            "IDPCommunicationError",
            "The request could not be fulfilled because the identity provider could not be reached.",
            RoleArn="arn:aws:iam::123456789012:role/deploy",
            RoleSessionName="ci",
            WebIdentityToken="eyJ0",
        ),
        ("external_api", "network", "auth"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "Documented as transient: the identity provider did not answer STS.",
    ),
    Case(
        "lambda_concurrency_limit",
        lambda: _said(
            "lambda",
            "invoke",
            429,
            "TooManyRequestsException",
            "Rate Exceeded.",
            FunctionName="resize",
            extra={"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"},
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN | {"QUEUE_FOR_LATER"},
        is_.HAMMERING,
        "All reserved copies of the function are busy.",
    ),
    Case(
        "lambda_function_still_pending",
        lambda: _said(
            "lambda",
            "update_function_code",
            409,
            "ResourceConflictException",
            "The operation cannot be performed at this time. An update is in progress for resource",
            FunctionName="resize",
            ZipFile=b"PK",
        ),
        ("concurrency", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SURFACE,
        is_.WRONG_CURE,
        "A 409 that passes when the update in progress is over.",
    ),
    Case(
        "lambda_invoke_read_timeout",
        lambda: _call("lambda", "invoke", f"http://127.0.0.1:{deaf_port()}", FunctionName="settle"),
        ("timeout",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The function was called and may still run.",
    ),
    Case(
        "kms_throttled",
        lambda: _said(
            "kms",
            "decrypt",
            400,
            "ThrottlingException",
            "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
            CiphertextBlob=b"x",
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "KMS throttles with status 400.",
    ),
    Case(
        "kms_key_pending_deletion",
        lambda: _said(
            "kms",
            "decrypt",
            400,
            "KMSInvalidStateException",
            "arn:aws:kms:eu-west-1:123456789012:key/1 is pending deletion.",
            CiphertextBlob=b"x",
        ),
        ("configuration", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Somebody scheduled the key for deletion; only a person can undo that.",
    ),
    Case(
        "secretsmanager_secret_missing",
        lambda: _said(
            "secretsmanager",
            "get_secret_value",
            400,
            "ResourceNotFoundException",
            "Secrets Manager can't find the specified secret.",
            SecretId="prod/db",
        ),
        ("configuration", "external_api"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The secret's name in the settings does not exist.",
    ),
    Case(
        "stepfunctions_execution_exists",
        lambda: _said(
            "stepfunctions",
            "start_execution",
            400,
            "ExecutionAlreadyExists",
            "Execution Already Exists: 'order-150234'",
            stateMachineArn="arn:states:1",
            name="order-150234",
        ),
        ("external_api", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "An execution of that name was started before with other input.",
    ),
    Case(
        "ses_sending_rate_exceeded",
        lambda: _xml(
            "ses", "send_raw_email", 400, "Throttling", "Maximum sending rate exceeded.", RawMessage={"Data": b"x"}
        ),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN | {"QUEUE_FOR_LATER"},
        is_.HAMMERING,
        "Too many mails a second.",
    ),
    Case(
        "ec2_request_limit",
        lambda: _plain("RunInstances", 503, "RequestLimitExceeded", "Request limit exceeded."),
        ("rate_limit",),
        True,
        is_.NO,
        is_.SLOW_DOWN,
        is_.HAMMERING,
        "EC2 throttles with status 503.",
    ),
    Case(
        "aws_endpoint_refused",
        lambda: _call("sqs", "list_queues", f"http://127.0.0.1:{closed_port()}"),
        ("network",),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "EndpointConnectionError: nothing listens there for now.",
    ),
    Case(
        "aws_endpoint_name_not_resolved",
        _unresolved,
        ("dns", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "EndpointConnectionError whose inner error is the resolver's.",
    ),
    Case(
        "aws_connect_timeout",
        lambda: _call("sts", "get_caller_identity", f"http://127.0.0.1:{silent_port()}"),
        ("timeout", "network"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "No connection within the limit.",
    ),
    Case(
        "aws_connection_closed_without_answer",
        lambda: _call("s3", "put_object", f"http://127.0.0.1:{port_of(Reply())}", **OBJECT, Body=b""),
        ("network",),
        True,
        is_.UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "ConnectionClosedError before a valid response was received.",
    ),
    Case(
        "aws_certificate_expired",
        lambda: _call("s3", "list_buckets", f"https://127.0.0.1:{tls_port('expired')}"),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "SSL validation failed on an expired certificate.",
    ),
    Case(
        "aws_no_credentials",
        _without_credentials,
        ("auth", "configuration"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "No credentials are configured on this host.",
    ),
    Case(
        "aws_no_region",
        _without_region,
        ("configuration",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The region is not set.",
    ),
    Case(
        "aws_profile_not_found",
        lambda: raised(lambda: botocore.session.Session(profile="acme-prod").create_client("s3", "eu-west-1")),
        ("configuration", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The profile of that name is not in the config file.",
    ),
    Case(
        "aws_parameter_of_wrong_type",
        lambda: _call("s3", "put_object", answer(200), Bucket="acme", Key=7, Body=b""),
        ("validation", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "ParamValidationError is found before anything is sent.",
    ),
    Case(
        "aws_sso_session_expired",
        lambda: botocore.exceptions.UnauthorizedSSOTokenError(),
        ("auth",),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "A person must log in again.",
    ),
    Case(
        "aws_waiter_gave_up",
        _waiter,
        ("timeout", "external_api"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SURFACE,
        is_.WRONG_CURE,
        "The object had not appeared after the waiter's attempts, and still may.",
    ),
]
