"""Web frameworks, validation, templates, tokens, and what computes."""

from __future__ import annotations

from healing.diagnosis.rule import RETRY, Rule
from healing.vocabulary import Category, Executed, Severity

FRAMEWORKS = (
    Rule(
        name="settings_invalid",
        on="pydantic_core._pydantic_core.ValidationError",
        within=frozenset({"pydantic_settings"}),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A setting is wrong or missing.",
    ),
    Rule(
        name="answer_does_not_fit",
        on="fastapi.exceptions.ResponseValidationError",
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="What the endpoint returned does not fit its own declaration.",
    ),
    Rule(
        name="input_invalid",
        on=(
            "pydantic_core._pydantic_core.ValidationError django.core.exceptions.ValidationError"
            " marshmallow.exceptions.ValidationError jsonschema.exceptions.ValidationError"
            " jsonschema.exceptions.FormatError fastapi.exceptions.ValidationException"
            " django.core.exceptions.BadRequest django.core.exceptions.SuspiciousOperation cattrs.errors.CattrsError"
            " starlette.formparsers.MultiPartException django.http.multipartparser.MultiPartParserError"
            " django.utils.datastructures.MultiValueDictKeyError"
            " cerberus.validator.DocumentError voluptuous.error.Invalid"
        ),
        category=Category.VALIDATION,
        says="The input does not fit its model.",
    ),
    Rule(
        name="page_not_found",
        on="django.http.response.Http404",
        category=Category.EXTERNAL_API,
        says="What was asked for is not there.",
    ),
    Rule(
        name="caller_hung_up",
        on=(
            "starlette.requests.ClientDisconnect starlette.websockets.WebSocketDisconnect"
            " django.core.exceptions.RequestAborted django.http.request.UnreadablePostError"
            " werkzeug.exceptions.ClientDisconnected"
        ),
        category=Category.NETWORK,
        severity=Severity.LOW,
        says="The caller hung up: nobody waits for the answer any more.",
    ),
    Rule(
        name="settings_invalid",
        on=(
            "django.core.exceptions.ImproperlyConfigured healing.errors.HealingError configparser.Error"
            " jsonschema.exceptions.SchemaError django.utils.connection.ConnectionDoesNotExist"
            " locale.Error"
        ),
        category=Category.CONFIGURATION,
        severity=Severity.HIGH,
        says="A setting is wrong or missing.",
    ),
    Rule(
        name="not_allowed",
        on=(
            "django.core.exceptions.PermissionDenied jwt.exceptions.PyJWTError itsdangerous.exc.BadData"
            " django.core.signing.BadSignature multiprocessing.context.AuthenticationError"
            " authlib.common.errors.AuthlibBaseError jose.exceptions.JOSEError"
            " oauthlib.oauth2.rfc6749.errors.OAuth2Error"
        ),
        category=Category.AUTH,
        says="This user may not do this, or their token does not hold.",
    ),
    Rule(
        name="keys_not_fetched",
        on="jwt.exceptions.PyJWKClientConnectionError",
        category=Category.NETWORK,
        executed=Executed.NO,
        course=RETRY,
        wraps=True,
        says="The keys to check tokens with could not be fetched.",
    ),
    Rule(
        name="framework_misused",
        on=(
            "django.core.exceptions.AppRegistryNotReady django.core.exceptions.FieldError"
            " django.core.exceptions.FieldDoesNotExist django.core.exceptions.SynchronousOnlyOperation"
            " django.core.exceptions.ViewDoesNotExist django.template.exceptions.TemplateDoesNotExist"
            " django.template.exceptions.TemplateSyntaxError django.urls.exceptions.NoReverseMatch"
            " django.http.request.RawPostDataException jinja2.exceptions.TemplateError"
            " pydantic.errors.PydanticUserError"
            " pydantic_core._pydantic_core.SchemaError fastapi.exceptions.FastAPIError"
            " marshmallow.exceptions.MarshmallowError mako.exceptions.MakoException"
        ),
        category=Category.PROGRAMMING,
        severity=Severity.HIGH,
        says="The framework or a template is used in a way that cannot work.",
    ),
    Rule(
        name="computation_impossible",
        on=(
            "numpy.linalg.LinAlgError torch._C._LinAlgError pyarrow.lib.ArrowInvalid"
            " pandas.errors.IntCastingNaNError statistics.StatisticsError"
        ),
        category=Category.VALIDATION,
        says="These numbers do not allow the computation.",
    ),
)
