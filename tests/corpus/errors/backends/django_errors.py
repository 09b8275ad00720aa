"""Django: its wrappers of drivers' errors, its ORM, its settings and its requests."""

from __future__ import annotations

from typing import Any

import django
import psycopg2
import psycopg2.errors
import pymysql
from django.conf import settings

from tests.corpus.errors.schema import Case

from .labels import NO, UNKNOWN, heals, in_thread, raised, stays, surfaces, thrown
from .mysql_errors import pymysql_error
from .postgres_errors import pg2, pg2_operational

if not settings.configured:
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        ALLOWED_HOSTS=["shop.example"],
    )
    django.setup()

from django import forms, urls
from django.core import exceptions, signing, validators
from django.core.cache.backends.base import InvalidCacheBackendError
from django.db import connection, models, transaction, utils
from django.http import Http404, HttpRequest
from django.template import Context, Engine
from django.template.exceptions import TemplateDoesNotExist


class Invoice(models.Model):  # type: ignore[misc]
    __module__ = "billing.models"
    number = models.CharField(max_length=20)

    class Meta:
        app_label = "billing"


def wrapped(name: str, orig: BaseException) -> BaseException:
    """What Django's backends raise from a driver's error: the same name and arguments, and the cause."""
    error_class: Any = getattr(utils, name)
    return thrown(error_class(*orig.args), orig)


def broken_atomic_block() -> BaseException:
    with transaction.atomic():
        transaction.set_rollback(True)
        connection.needs_rollback = True
        error = raised(lambda: connection.cursor().execute("SELECT 1"))
    return error


def disallowed_host() -> BaseException:
    request = HttpRequest()
    request.META = {"HTTP_HOST": "evil.example:8000"}
    return raised(request.get_host)


def field_missing() -> BaseException:
    class Signup(forms.Form):  # type: ignore[misc]
        email = forms.EmailField()

    def clean() -> None:
        form = Signup({"email": "not-an-address"})
        if not form.is_valid():
            raise exceptions.ValidationError(form.errors.as_data())

    return raised(clean)


def template(source: str) -> BaseException:
    return raised(lambda: Engine().from_string(source).render(Context({})))


CASES: list[Case] = [
    heals(
        "django_lost_connection",
        lambda: wrapped(
            "OperationalError",
            pg2_operational(
                "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally"
            ),
        ),
        "database network",
        "RESET_CONNECTION",
        UNKNOWN,
        "The wrapped connection is dead; close_old_connections helps.",
    ),
    heals(
        "django_interface_error_connection_already_closed",
        lambda: wrapped("InterfaceError", psycopg2.InterfaceError("connection already closed")),
        "database network programming",
        "RESET_CONNECTION",
        NO,
        "Django keeps a dead handle until it is closed.",
        harmful="RETRY_WITH_BACKOFF CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    heals(
        "django_wrapped_deadlock",
        lambda: wrapped("OperationalError", pg2("40P01", "deadlock detected")),
        "database concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "The atomic block was rolled back as the victim of a deadlock.",
    ),
    heals(
        "django_mysql_lock_wait_timeout",
        lambda: wrapped(
            "OperationalError", pymysql_error(1205, "HY000", "Lock wait timeout exceeded; try restarting transaction")
        ),
        "database timeout concurrency",
        "ROLLBACK_TRANSACTION RETRY_WITH_BACKOFF",
        NO,
        "Another transaction held the row for too long.",
    ),
    heals(
        "django_too_many_connections",
        lambda: wrapped("OperationalError", pymysql.OperationalError(1040, "Too many connections")),
        "database resource",
        "RETRY_WITH_BACKOFF",
        NO,
        "The server's slots are all taken for now.",
    ),
    surfaces(
        "django_integrity_error",
        lambda: wrapped(
            "IntegrityError",
            pg2(
                "23505",
                'duplicate key value violates unique constraint "billing_invoice_number_key"',
                "Key (number)=(2024-0429) already exists.",
            ),
        ),
        "database validation",
        "The invoice number is taken.",
    ),
    surfaces(
        "django_data_error",
        lambda: wrapped("DataError", pg2("22001", "value too long for type character varying(20)")),
        "validation database",
        "The invoice number is longer than its column.",
    ),
    surfaces(
        "django_migration_not_applied",
        lambda: in_thread(lambda: raised(Invoice.objects.count)),
        "programming configuration database",
        "An OperationalError that only says that the table is missing.",
    ),
    heals(
        "django_broken_atomic_block",
        lambda: in_thread(broken_atomic_block),
        "database programming",
        "ROLLBACK_TRANSACTION SURFACE",
        NO,
        "The block must be left and rolled back before anything else runs.",
        harmful="RETRY_WITH_BACKOFF RESET_CONNECTION CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
    surfaces(
        "django_improperly_configured",
        lambda: thrown(exceptions.ImproperlyConfigured("The SECRET_KEY setting must not be empty.")),
        "configuration",
        "A setting is missing.",
    ),
    surfaces(
        "django_unknown_cache_backend",
        lambda: thrown(
            InvalidCacheBackendError(
                "Could not find backend 'django_redis.cache.RedisCach': Module \"django_redis\" "
                'does not define a "RedisCach" attribute/class'
            )
        ),
        "configuration",
        "The settings name a cache class that does not exist; the cache itself is not to blame.",
    ),
    surfaces(
        "django_does_not_exist",
        lambda: thrown(Invoice.DoesNotExist("Invoice matching query does not exist.")),
        "database validation programming",
        "The row is not there.",
    ),
    surfaces(
        "django_multiple_objects_returned",
        lambda: thrown(Invoice.MultipleObjectsReturned("get() returned more than one Invoice -- it returned 2!")),
        "database programming validation",
        "The data hold two rows where the code wants one.",
    ),
    surfaces(
        "django_form_validation",
        field_missing,
        "validation",
        "The address in the form is none.",
    ),
    surfaces(
        "django_field_validator",
        lambda: raised(lambda: validators.MaxValueValidator(100)(429)),
        "validation",
        "429 is a value above the maximum and no status.",
    ),
    surfaces(
        "django_permission_denied",
        lambda: thrown(exceptions.PermissionDenied("Only accountants may do this")),
        "auth",
        "The user may not do this: an answer of 403 to that user.",
    ),
    surfaces(
        "django_disallowed_host",
        disallowed_host,
        "validation configuration auth",
        "The request names a host that ALLOWED_HOSTS does not list.",
    ),
    surfaces(
        "django_suspicious_operation",
        lambda: thrown(
            exceptions.SuspiciousFileOperation("The joined path (/etc/passwd) is located outside of the base path")
        ),
        "validation auth filesystem",
        "A request tries to leave its folder.",
    ),
    surfaces(
        "django_field_error",
        lambda: raised(lambda: Invoice.objects.filter(numbre="1")),
        "programming database",
        "A misspelt field in a query.",
    ),
    surfaces(
        "django_http404",
        lambda: thrown(Http404("No Invoice matches the given query.")),
        "validation external_api general",
        "The application's own answer to its user, not a far service's.",
    ),
    surfaces(
        "django_no_reverse_match",
        lambda: raised(lambda: urls.reverse("invoice-detail", urlconf=())),
        "programming configuration",
        "The code names a route that is not registered.",
    ),
    surfaces(
        "django_template_syntax",
        lambda: template("{% if paid %}thanks"),
        "programming",
        "A block in the template is not closed.",
    ),
    surfaces(
        "django_template_missing",
        lambda: thrown(TemplateDoesNotExist("mails/reminder.html")),
        "configuration filesystem programming",
        "The template file is not deployed.",
    ),
    surfaces(
        "django_bad_signature",
        lambda: raised(lambda: signing.Signer(key="k").unsign("basket:tampered")),
        "validation auth",
        "The signed value was tampered with.",
    ),
    stays(
        "django_synchronous_only",
        lambda: thrown(
            exceptions.SynchronousOnlyOperation(
                "You cannot call this from an async context - use a thread or sync_to_async."
            )
        ),
        "programming",
        "The ORM is called from a coroutine: misuse of the API.",
        harmful="RETRY_WITH_BACKOFF RESET_CONNECTION CLEAR_CACHE_AND_RETRY USE_DEFAULT_VALUE SKIP_OPERATION",
    ),
]
