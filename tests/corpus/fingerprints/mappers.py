"""Errors of object-relational mapping, document and key-value stores."""

from __future__ import annotations

import uuid

import kafka.errors
import pymongo.errors
import redis.exceptions

from tests.corpus.fingerprints.model import (
    SYSTEM,
    VENV,
    App,
    Group,
    Make,
    awaited,
    closed_port,
    dispatched,
    failing,
    retried,
    run,
    tasked,
    threaded,
)

ORM = App(
    "crm.models",
    "crm/models.py",
    """\
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    pass


class Contact(Base):
    __tablename__ = "contacts"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    city: Mapped[str] = mapped_column(nullable=False)


def fresh():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    return Session(engine)


def import_contacts(people):
    with fresh() as session:
        for person in people:
            session.add(Contact(**person))
            session.flush()


def contact_in(city, people):
    with fresh() as session:
        session.add_all(Contact(**person) for person in people)
        session.flush()
        return session.scalars(select(Contact).where(Contact.city == city)).one()


def archive(statement, **values):
    with fresh() as session:
        return session.execute(text(statement), values).all()


def detached_city(person):
    with fresh() as session:
        contact = Contact(**person)
        session.add(contact)
        session.commit()
    return contact.city
""",
)

CACHE = App(
    "web.cache",
    "web/cache.py",
    """\
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def warm(client, key):
    return client.execute("GET", key)


def ping(port, **options):
    return redis.Redis(host="127.0.0.1", port=port, retry=Retry(NoBackoff(), 1), **options).ping()


def remember(documents, document):
    return documents.execute("insert", document)


async def publish(producer, topic, message):
    return producer.send(topic, message)
""",
)

O1, O2, O3 = ORM.releases()
C1, C2, C3 = CACHE.releases()


def contact(number: int, city: str | None = "Bern", email: str | None = None) -> dict[str, object]:
    return {"id": number, "email": email or f"contact{number}@example.com", "city": city}


def answers(kind: type[Exception], *texts: str) -> tuple[Make, ...]:
    return (
        run(C1.warm, failing(lambda: kind(texts[0])), "user:17"),
        threaded(C2.warm, failing(lambda: kind(texts[-1]), 4, SYSTEM), "session:9f8e7d6c"),
        retried(C3.warm, failing(lambda: kind(texts[0]), 2), "k"),
        tasked(C1.warm, failing(lambda: kind(texts[-1]), 3), str(uuid.UUID(int=77))),
    )


def duplicate(index: str, *values: str) -> tuple[Make, ...]:
    field = index.removesuffix("_1")
    texts = [
        f'E11000 duplicate key error collection: shop.members index: {index} dup key: {{ {field}: "{value}" }}'
        for value in values
    ]

    def failed(text: str, hops: int, root: str) -> object:
        return failing(lambda: pymongo.errors.DuplicateKeyError(text, 11000, {"errmsg": text}), hops, root)

    return (
        run(C1.remember, failed(texts[0], 1, VENV), {"_id": 1}),
        threaded(C2.remember, failed(texts[1], 3, SYSTEM), {"_id": 2, "n": 4}),
        retried(C3.remember, failed(texts[2], 2, VENV), {}),
    )


GROUPS: tuple[Group, ...] = (
    Group(
        "contact_email_taken",
        (
            run(O1.import_contacts, [contact(1), contact(2, email="contact1@example.com")]),
            run(O2.import_contacts, [contact(7, "Rom"), contact(8), contact(9, "Wien", "contact8@example.com")]),
            threaded(O3.import_contacts, [contact(3, "Linz"), contact(40, "Graz", "contact3@example.com")]),
        ),
        ("contact_without_city",),
        "The unique e-mail is violated; parameters and their number are data.",
    ),
    Group(
        "contact_without_city",
        (
            run(O1.import_contacts, [contact(1, None)]),
            run(O2.import_contacts, [contact(7, "Rom"), contact(8, None)]),
            retried(O3.import_contacts, [contact(12345, None, "q@example.net")]),
        ),
        ("contact_email_taken",),
        "The city is null: another constraint of the same table.",
    ),
    Group(
        "no_contact_in_city",
        (
            run(O1.contact_in, "Oslo", [contact(1)]),
            run(O2.contact_in, "x", []),
            tasked(O3.contact_in, "Paris", [contact(1), contact(2)]),
        ),
        ("several_contacts_in_city",),
        "No row where one was required.",
    ),
    Group(
        "several_contacts_in_city",
        (
            run(O1.contact_in, "Bern", [contact(1), contact(2)]),
            run(O2.contact_in, "Rom", [contact(1, "Rom"), contact(4, "Rom"), contact(5, "Rom")]),
            run(O3.contact_in, "Bern", [contact(n) for n in range(1, 6)]),
        ),
        ("no_contact_in_city",),
        "Several rows where one was required.",
    ),
    Group(
        "archive_table_missing",
        (
            run(O1.archive, "select * from archived_contacts where id = :id", id=1),
            run(O2.archive, "select * from archived_contacts where id = :id", id=99120),
            run(O3.archive, "select * from archived_contacts where id in (:a, :b)", a=5, b=6),
        ),
        ("notes_table_missing",),
        "One table is missing in the mapped database.",
    ),
    Group(
        "notes_table_missing",
        (
            run(O1.archive, "select * from contact_notes where id = :id", id=1),
            run(O2.archive, "select * from contact_notes where id = :id", id=3),
            threaded(O3.archive, "select * from contact_notes"),
        ),
        ("archive_table_missing",),
        "The same function and statement, but another missing table.",
    ),
    Group(
        "expired_contact_read_detached",
        (
            run(O1.detached_city, contact(1)),
            threaded(O2.detached_city, contact(52, "Graz")),
            retried(O3.detached_city, contact(7)),
        ),
        (),
        "An expired object is read after its session was closed; its address in memory is noise.",
    ),
    Group(
        "cache_refuses_connection",
        (
            run(C1.ping, closed_port()),
            threaded(C2.ping, closed_port()),
            run(C3.ping, closed_port(), socket_timeout=1.5, protocol=2),
        ),
        (),
        "Nobody listens where the cache should be, on whatever port.",
    ),
    Group(
        "cache_key_of_wrong_type",
        answers(
            redis.exceptions.ResponseError,
            "WRONGTYPE Operation against a key holding the wrong kind of value",
        ),
        ("cache_command_unknown", "cache_out_of_memory"),
        "The server answers WRONGTYPE.",
    ),
    Group(
        "cache_command_unknown",
        answers(
            redis.exceptions.ResponseError,
            "unknown command 'GETEX', with args beginning with: 'user:17' ",
            "unknown command 'GETEX', with args beginning with: 'session:9f8e7d6c' '60' ",
        ),
        ("cache_key_of_wrong_type",),
        "The server does not know the command; its arguments are data.",
    ),
    Group(
        "cache_out_of_memory",
        answers(
            redis.exceptions.OutOfMemoryError,
            "command not allowed when used memory > 'maxmemory'.",
        ),
        ("cache_key_of_wrong_type",),
        "The server is out of memory: another class and another message.",
    ),
    Group(
        "member_email_duplicate",
        duplicate("email_1", "ada@example.com", "bob@example.org", "c.d+x@example.net"),
        ("member_card_duplicate",),
        "The unique index on the e-mail is violated.",
    ),
    Group(
        "member_card_duplicate",
        duplicate("card_1", "4711", "DE-99", "zz"),
        ("member_email_duplicate",),
        "Another unique index of the same collection.",
    ),
    Group(
        "topic_unknown",
        (
            awaited(C1.publish, failing(kafka.errors.UnknownTopicOrPartitionError), "orders", b"1"),
            dispatched(C2.publish, failing(kafka.errors.UnknownTopicOrPartitionError, 3, SYSTEM), "orders", b"22"),
            awaited(C3.publish, failing(kafka.errors.UnknownTopicOrPartitionError, 2), "orders", b""),
        ),
        ("partition_leader_moved",),
        "The broker does not know the topic.",
    ),
    Group(
        "partition_leader_moved",
        (
            awaited(C1.publish, failing(kafka.errors.NotLeaderForPartitionError), "orders", b"1"),
            dispatched(C2.publish, failing(kafka.errors.NotLeaderForPartitionError, 2), "orders", b"7"),
            awaited(C3.publish, failing(kafka.errors.NotLeaderForPartitionError, 5, SYSTEM), "orders", b"x"),
        ),
        ("topic_unknown",),
        "The broker is not the leader: another class with another code.",
    ),
)
