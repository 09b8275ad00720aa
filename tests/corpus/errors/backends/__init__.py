"""Labelled errors of databases, caches, brokers, the operating system, frameworks and the application itself."""

from __future__ import annotations

from tests.corpus.errors.schema import Case

from . import (
    amqp_errors,
    app_chains,
    app_messages,
    asyncpg_errors,
    celery_errors,
    code_bugs,
    concurrency_errors,
    data_science,
    decoding_errors,
    django_errors,
    kafka_errors,
    lookalikes,
    mongo_errors,
    mysql_errors,
    os_errors,
    postgres_errors,
    process_errors,
    redis_errors,
    settings_errors,
    sqlalchemy_errors,
    sqlite_errors,
    validation_errors,
)

CASES: list[Case] = [
    *sqlite_errors.CASES,
    *postgres_errors.CASES,
    *asyncpg_errors.CASES,
    *mysql_errors.CASES,
    *sqlalchemy_errors.CASES,
    *mongo_errors.CASES,
    *redis_errors.CASES,
    *kafka_errors.CASES,
    *amqp_errors.CASES,
    *celery_errors.CASES,
    *django_errors.CASES,
    *validation_errors.CASES,
    *os_errors.CASES,
    *process_errors.CASES,
    *concurrency_errors.CASES,
    *decoding_errors.CASES,
    *code_bugs.CASES,
    *settings_errors.CASES,
    *lookalikes.CASES,
    *data_science.CASES,
    *app_chains.CASES,
    *app_messages.CASES,
]

__all__ = ["CASES"]
