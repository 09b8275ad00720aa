"""Labelled errors of clients of networks and services."""

from __future__ import annotations

from types import ModuleType

from tests.corpus.errors.schema import Case

from . import (
    applications,
    async_clients,
    aws,
    clouds,
    httpx_clients,
    mail,
    models_api,
    other_sdks,
    remote_files,
    requests_answers,
    requests_transport,
    rpc,
    saas,
    sockets,
    stdlib_http,
    tls_names,
)

MODULES: tuple[ModuleType, ...] = (
    sockets,
    tls_names,
    requests_transport,
    requests_answers,
    stdlib_http,
    httpx_clients,
    async_clients,
    aws,
    clouds,
    rpc,
    models_api,
    saas,
    mail,
    remote_files,
    other_sdks,
    applications,
)
CASES: list[Case] = [case for module in MODULES for case in module.CASES]
