"""Settings, modules and installations that are missing or wrong."""

from __future__ import annotations

import configparser
import ctypes
import importlib
import importlib.metadata
import locale
import logging
import logging.config
import os
import pwd
import types
from collections.abc import Callable

from cryptography.fernet import Fernet

from tests.corpus.errors.schema import Case

from .labels import raised, surfaces, thrown


def parsed(text: str, read: Callable[[configparser.ConfigParser], object]) -> BaseException:
    parser = configparser.ConfigParser()

    def act() -> None:
        parser.read_string(text)
        read(parser)

    return raised(act)


def database_url() -> str:
    url = ""
    if not url:
        raise ValueError("connection string is empty")
    return url


def import_name_from_module() -> BaseException:
    return raised(lambda: exec("from json import dumpz"))


def import_in_a_circle() -> BaseException:
    module = types.ModuleType("orders")
    return thrown(
        ImportError(
            "cannot import name 'Order' from partially initialized module 'orders' (most likely due to a circular "
            "import) (/srv/app/orders/__init__.py)",
            name=module.__name__,
            path="/srv/app/orders/__init__.py",
        )
    )


CASES: list[Case] = [
    surfaces(
        "environment_variable_missing",
        lambda: raised(lambda: os.environ["BILLING_STRIPE_API_KEY"]),
        "configuration programming",
        "A KeyError from os.environ: the variable is not set.",
    ),
    surfaces(
        "environment_variable_not_a_number",
        lambda: raised(lambda: int(os.environ.get("BILLING_WEB_PORT", "eighty"))),
        "configuration validation",
        "The port in the settings is a word.",
    ),
    surfaces(
        "module_not_installed",
        lambda: raised(lambda: importlib.import_module("redis_timeout_client")),
        "configuration",
        "A missing package, whatever its name tells.",
    ),
    surfaces(
        "name_not_in_module",
        import_name_from_module,
        "programming configuration",
        "The module is there and lacks the name: a typing error or a wrong version.",
    ),
    surfaces("circular_import", import_in_a_circle, "programming configuration", "Two modules import each other."),
    surfaces(
        "shared_library_missing",
        lambda: raised(lambda: ctypes.CDLL("libcairo-nowhere.so.2")),
        "configuration filesystem",
        "A library of the system is not installed; an OSError without a number.",
    ),
    surfaces(
        "package_not_found",
        lambda: raised(lambda: importlib.metadata.version("billing-core")),
        "configuration",
        "The package's metadata are not installed.",
    ),
    surfaces(
        "settings_section_missing",
        lambda: parsed("[web]\nport = 80\n", lambda parser: parser.get("db", "url")),
        "configuration",
        "The settings lack a section.",
    ),
    surfaces(
        "settings_option_missing",
        lambda: parsed("[db]\nport = 80\n", lambda parser: parser.get("db", "timeout")),
        "configuration",
        "The settings lack an option that happens to be called timeout.",
    ),
    surfaces(
        "settings_without_section_header",
        lambda: parsed("port = 80\n", len),
        "configuration validation",
        "The settings file is malformed.",
    ),
    surfaces(
        "settings_interpolation",
        lambda: parsed("[db]\nurl = %(host)s/shop\n", lambda parser: parser.get("db", "url")),
        "configuration",
        "A setting refers to another one that is not there.",
    ),
    surfaces(
        "settings_boolean",
        lambda: parsed("[db]\necho = maybe\n", lambda parser: parser.getboolean("db", "echo")),
        "configuration validation",
        "The value is no boolean.",
    ),
    surfaces(
        "settings_file_missing",
        lambda: thrown(FileNotFoundError(2, "No such file or directory", "/etc/billing/config.yaml")),
        "configuration filesystem",
        "The settings file is not deployed.",
    ),
    surfaces(
        "logging_handler_misconfigured",
        lambda: raised(
            lambda: logging.config.dictConfig(
                {"version": 1, "handlers": {"file": {"class": "logging.NoSuchHandler"}}, "root": {"handlers": ["file"]}}
            )
        ),
        "configuration",
        "The logging settings name a class that does not exist.",
    ),
    surfaces(
        "log_level_unknown",
        lambda: raised(lambda: logging.getLogger("app").setLevel("VERBOSE")),
        "configuration validation programming",
        "There is no such level.",
    ),
    surfaces(
        "locale_not_installed",
        lambda: raised(lambda: locale.setlocale(locale.LC_TIME, "xx_NOWHERE.UTF-8")),
        "configuration",
        "The machine lacks the locale.",
    ),
    surfaces(
        "system_user_missing",
        lambda: raised(lambda: pwd.getpwnam("svc-billing-nobody")),
        "configuration",
        "The account is not set up on this machine; a KeyError by class.",
    ),
    surfaces(
        "encryption_key_malformed",
        lambda: raised(lambda: Fernet("changeme")),
        "configuration validation",
        "The key in the settings is none.",
    ),
    surfaces(
        "connection_string_empty",
        lambda: raised(database_url),
        "configuration validation",
        "A setting is empty; no connection was tried.",
    ),
    surfaces(
        "own_setting_not_set",
        lambda: thrown(RuntimeError("SMTP_PASSWORD is not set; refusing to start")),
        "configuration",
        "The program says itself which setting is missing.",
    ),
    surfaces(
        "plugin_entry_point_unknown",
        lambda: thrown(LookupError("no payment backend registered under 'adyen-v71'")),
        "configuration programming",
        "The settings name a backend that nobody registered.",
    ),
]
