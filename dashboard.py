"""The entry of `streamlit run dashboard.py`: routes, middleware and lifespan around the pages.

Pages are reached through `pages/app.py`, which each session runs.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import streamlit as st
from anyio import to_thread
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from db.connection import DatabaseAwayError
from db.events import stream, version
from db.export import csv_chunks
from db.filters import FilterError, from_query
from healing import settings
from healing.errors import ConfigurationError
from healing.journal import Journal
from pages.components.engine import engine, release

log = logging.getLogger("healing.dashboard")

WARM = ("pandas", "pyarrow", "pages.components.table", "pages.components.story", "pages.components.chart")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def healthz(_request: Request) -> JSONResponse:
    """200 while the database answers, 503 while it does not or a setting is wrong."""
    try:
        version(engine(), datetime.now(UTC))
    except DatabaseAwayError as error:
        return JSONResponse({"status": "database away", "reason": str(error)}, 503)
    except ConfigurationError as error:
        return JSONResponse({"status": "misconfigured", "reason": str(error)}, 503)
    return JSONResponse({"status": "ok"})


def export_events(request: Request) -> Response:
    """Every event that the query string's filter matches, as CSV; 400 says what it does not understand."""
    try:
        wanted = from_query(request.query_params.multi_items(), datetime.now(UTC))
    except FilterError as error:
        return JSONResponse({"error": str(error)}, 400)
    try:
        rows = stream(engine(), wanted)
    except DatabaseAwayError as error:
        return JSONResponse({"error": f"database away: {error}"}, 503)
    except ConfigurationError as error:
        return JSONResponse({"error": str(error)}, 503)
    name = f"events-{wanted.period.start:%Y%m%dT%H%M%SZ}-{wanted.period.end:%Y%m%dT%H%M%SZ}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(csv_chunks(rows), media_type="text/csv; charset=utf-8", headers=headers)


def unknown(_request: Request) -> JSONResponse:
    """Without this, Streamlit answers a mistyped path with its page and 200."""
    return JSONResponse({"error": "not found"}, 404)


@contextlib.asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The journal delivers what killed services of this machine left in their spool.

    Wrong settings leave it out: the pages name them.
    """
    try:
        journal = Journal(settings=settings.load())
    except ConfigurationError as error:
        log.error("%s", error)  # noqa: TRY400 - the line says it all, and a traceback would hide it
        yield
        return
    await to_thread.run_sync(_warm_up)
    journal.start()
    try:
        yield
    finally:
        await to_thread.run_sync(journal.close)
        await to_thread.run_sync(release)


def _warm_up() -> None:
    """The first visitor should not wait for imports, and each run's garbage collection need not look at them."""
    for name in WARM:
        importlib.import_module(name)
    try:
        engine()
    except DatabaseAwayError as error:
        log.warning("the database is away: %s; run `healing doctor`", error)
    gc.collect()
    gc.freeze()


app = st.App(
    "pages/app.py",
    routes=[
        Route("/healthz", healthz),
        Route("/api/export/events.csv", export_events),
        Route("/api/{rest:path}", unknown, methods=METHODS),
    ],
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"])],
    lifespan=lifespan,
)
