"""Errors of names, sockets and transport encryption."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.corpus.fingerprints.model import (
    App,
    Group,
    Make,
    awaited,
    caught,
    closed_port,
    dispatched,
    failing,
    retried,
    run,
    threaded,
)

LINKS = App(
    "gateway.links",
    "gateway/links.py",
    """\
import asyncio
import socket
import ssl


def open_channel(context, host, server):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=host)
    while True:
        try:
            client.do_handshake()
            return client
        except ssl.SSLWantReadError:
            pass
        incoming.write(server.answer(outgoing.read()))


def probe(host, port, resolve=socket.getaddrinfo):
    family, kind, protocol, _, address = resolve(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as link:
        link.connect(address)


def exchange(link, payload):
    link.settimeout(0.01)
    if payload:
        link.sendall(payload)
    return link.recv(64)


async def stream(port):
    return await asyncio.open_connection("127.0.0.1", port)
""",
)
N1, N2, N3 = LINKS.releases()


@cache
def issued(host: str, *, expired: bool = False, by_itself: bool = False) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The contexts of a client that trusts one authority, and of a server with a certificate."""
    now = datetime.datetime.now(datetime.UTC)

    def signed(name: str, key: Any, issuer: str, signer: Any, authority: bool, days: int) -> x509.Certificate:
        def named(text: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        builder = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer))
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=90))
        builder = builder.not_valid_after(now + datetime.timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        return builder.sign(signer, hashes.SHA256())

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = signed("authority.example", root_key, "authority.example", root_key, True, 90)
    issuer, signer = (host, key) if by_itself else ("authority.example", root_key)
    leaf = signed(host, key, issuer, signer, False, -1 if expired else 90)
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        chain = Path(folder, "chain.pem")
        chain.write_bytes(secret + leaf.public_bytes(pem))
        server.load_cert_chain(chain)
    return ssl.create_default_context(cadata=root.public_bytes(pem).decode()), server


class Peer:
    """The other end of a channel, which answers from memory."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.channel = context.wrap_bio(self.incoming, self.outgoing, server_side=True)

    def answer(self, data: bytes) -> bytes:
        self.incoming.write(data)
        with contextlib.suppress(ssl.SSLError):
            self.channel.do_handshake()
        return self.outgoing.read()


class PlainPeer:
    def __init__(self, text: bytes) -> None:
        self.text = text

    def answer(self, data: bytes) -> bytes:
        return self.text if data else b""


def greeted(app: Any, host: str, certified: str, **options: bool) -> Make:
    def make() -> BaseException:
        client, server = issued(certified, **options)
        return caught(app.open_channel, client, host, Peer(server))

    return make


def paired(app: Any, payload: bytes, prepare: Callable[[socket.socket, socket.socket], None]) -> Make:
    def make() -> BaseException:
        link, peer = socket.socketpair()
        with link, peer:
            prepare(link, peer)
            return caught(app.exchange, link, payload)

    return make


def reset(link: socket.socket, peer: socket.socket) -> None:
    link.send(b"unread")
    peer.close()


def vanish(link: socket.socket, peer: socket.socket) -> None:
    peer.close()


def silence(link: socket.socket, peer: socket.socket) -> None:
    peer.send(b"")


NUMERIC = partial(socket.getaddrinfo, flags=socket.AI_NUMERICHOST)
TRY_AGAIN = failing(lambda: socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")).perform

GROUPS: tuple[Group, ...] = (
    Group(
        "certificate_expired",
        (
            greeted(N1, "api.example.com", "api.example.com", expired=True),
            greeted(N2, "eu-2.example.org", "eu-2.example.org", expired=True),
            greeted(N3, "api.example.com", "api.example.com", expired=True),
        ),
        ("certificate_for_other_host", "certificate_self_signed"),
        "The certificate has expired, whichever host it is for.",
    ),
    Group(
        "certificate_for_other_host",
        (
            greeted(N1, "api.example.com", "www.example.com"),
            greeted(N2, "node-17.example.net", "www.example.com"),
            greeted(N3, "db.internal.example", "cache.internal.example"),
        ),
        ("certificate_expired",),
        "The certificate is for another host; the names are data.",
    ),
    Group(
        "certificate_self_signed",
        (
            greeted(N1, "api.example.com", "api.example.com", by_itself=True),
            greeted(N2, "lab-4.example.org", "lab-4.example.org", by_itself=True),
            greeted(N3, "lab-9.example.org", "lab-9.example.org", by_itself=True),
        ),
        ("certificate_expired",),
        "Nobody trusted has signed the certificate: another reason of the same verification.",
    ),
    Group(
        "plain_text_on_secure_port",
        (
            run(
                N1.open_channel,
                ssl.create_default_context(),
                "a.example",
                PlainPeer(b"HTTP/1.1 400 Bad\r\n\r\n"),
            ),
            run(N2.open_channel, ssl.create_default_context(), "b-2.example", PlainPeer(b"220 mail ESMTP ready\r\n")),
            run(N3.open_channel, ssl.create_default_context(), "c.example", PlainPeer(b"HTTP/1.0 302 Found\r\n\r\n")),
        ),
        (),
        "The other end speaks no TLS at all.",
    ),
    Group(
        "host_name_unknown",
        (
            run(N1.probe, "db-1.internal", 5432, NUMERIC),
            threaded(N2.probe, "db-22.internal", 6432, NUMERIC),
            retried(N3.probe, "cache.example.org", 6379, NUMERIC),
        ),
        ("host_name_try_again", "port_refused"),
        "The name does not exist.",
    ),
    Group(
        "host_name_try_again",
        (
            run(N1.probe, "db-1.internal", 5432, TRY_AGAIN),
            run(N2.probe, "db-22.internal", 6432, TRY_AGAIN),
            threaded(N3.probe, "cache.example.org", 6379, TRY_AGAIN),
        ),
        ("host_name_unknown",),
        "The name server did not answer: another error number of the same class.",
    ),
    Group(
        "port_refused",
        (
            run(N1.probe, "127.0.0.1", closed_port()),
            threaded(N2.probe, "127.0.0.1", closed_port()),
            retried(N3.probe, "127.0.0.1", closed_port()),
        ),
        ("host_name_unknown",),
        "The name is found, but nobody listens.",
    ),
    Group(
        "peer_went_away",
        (paired(N1, b"ping", vanish), paired(N2, b"a longer payload", vanish), paired(N3, b"x", vanish)),
        ("peer_reset", "peer_silent"),
        "Writing to a peer that has gone breaks the pipe.",
    ),
    Group(
        "peer_reset",
        (paired(N1, b"", reset), paired(N2, b"", reset), paired(N3, b"", reset)),
        ("peer_went_away",),
        "The peer resets the connection: another error number.",
    ),
    Group(
        "peer_silent",
        (paired(N1, b"ping", silence), paired(N2, b"0123", silence), paired(N3, b"", silence)),
        ("peer_went_away",),
        "The peer says nothing until the time is up.",
    ),
    Group(
        "stream_refused",
        (awaited(N1.stream, closed_port()), dispatched(N2.stream, closed_port()), awaited(N3.stream, closed_port())),
        (),
        "The event loop finds the port closed.",
    ),
)
