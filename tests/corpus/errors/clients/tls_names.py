"""Errors of name resolution and of TLS, below any HTTP library."""

from __future__ import annotations

import functools
import os
import socket
import ssl
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.resolver

from tests.corpus.errors.schema import Case

from . import labels as is_
from .servers import LONG, SHORT, Reply, deaf_port, eager_port, name_failure, patience, raised
from .tls_servers import client_context, hello_then_reset_port, leaf_files, tls_port


def _look_up(code: int, text: str) -> BaseException:
    with name_failure(code, text):
        return raised(lambda: socket.create_connection(("ledger.svc.cluster.local", 443), timeout=LONG))


@functools.cache
def _name_server(rcode: int) -> int:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            query, peer = server.recvfrom(4096)
            response = dns.message.make_response(dns.message.from_wire(query))
            response.set_rcode(dns.rcode.Rcode(rcode))
            response.flags |= dns.flags.RA
            if rcode >= 0:
                server.sendto(response.to_wire(), peer)

    threading.Thread(target=serve, daemon=True).start()
    port: int = server.getsockname()[1]
    return port


@functools.cache
def _deaf_name_server() -> socket.socket:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    return server


def _resolve(port: int, record: str = "A") -> BaseException:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    resolver.lifetime = SHORT
    return raised(lambda: resolver.resolve("mx-lookup.example.com.", record))


def _handshake(port: int, context: ssl.SSLContext | None = None, *, speaks: bool = True) -> BaseException:
    def connect() -> None:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=patience(port)) as plain,
            (context or client_context()).wrap_socket(plain, server_hostname="localhost") as secured,
        ):
            if speaks:
                secured.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            secured.recv(100)

    return raised(connect)


def _ragged_end() -> BaseException:
    def read() -> None:
        with socket.create_connection(("127.0.0.1", tls_port("good", "ragged")), timeout=LONG) as plain:
            secured = client_context().wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False)
            with secured:
                secured.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                while secured.recv(4096):
                    pass

    return raised(read)


def _old_client() -> ssl.SSLContext:
    context = client_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


def _other_ciphers() -> ssl.SSLContext:
    context = _old_client()
    context.set_ciphers("ECDHE-ECDSA-CHACHA20-POLY1305")
    return context


def _key_of_other_certificate() -> BaseException:
    certificate, _ = leaf_files("good")
    _, key = leaf_files("other_host")
    return raised(lambda: ssl.create_default_context().load_cert_chain(certificate, key))


CASES = [
    Case(
        "dns_temporary_failure",
        lambda: _look_up(socket.EAI_AGAIN, "Temporary failure in name resolution"),
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "EAI_AGAIN says itself that the resolver failed only for now.",
    ),
    Case(
        "dns_name_not_known",
        lambda: _look_up(socket.EAI_NONAME, "Name or service not known"),
        ("dns",),
        False,
        is_.NO,
        is_.OTHER_ADDRESS,
        is_.WRONG_CURE,
        "The name does not exist; at best another address helps, and nothing was sent.",
    ),
    Case(
        "dns_service_name_misspelt",
        lambda: raised(lambda: socket.getaddrinfo("127.0.0.1", "htps")),
        ("configuration", "dns", "programming"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The service name is not in the system's table: a typing error in a setting.",
    ),
    Case(
        "idna_label_empty",
        lambda: raised(lambda: socket.getaddrinfo("api..example.com", 443)),
        ("configuration", "validation"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "Two dots in a row make no valid host name; the address is wrong before any lookup.",
    ),
    Case(
        "reverse_lookup_unknown_host",
        lambda: socket.herror(1, "Unknown host"),
        ("dns",),
        False,
        is_.NO,
        is_.SURFACE | {"USE_DEFAULT_VALUE", "SKIP_OPERATION", "FALLBACK_TO_CACHE"},
        is_.WRONG_CURE,
        "The address has no name; that is an answer and no outage.",
    ),
    Case(
        "reverse_lookup_try_again",
        lambda: socket.herror(2, "Host name lookup failure"),
        ("dns",),
        True,
        is_.NO,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "h_errno TRY_AGAIN is the resolver's temporary failure.",
    ),
    Case(
        "dnspython_nxdomain",
        lambda: _resolve(_name_server(dns.rcode.NXDOMAIN)),
        ("dns",),
        False,
        is_.NO,
        is_.OTHER_ADDRESS,
        is_.WRONG_CURE,
        "An authoritative answer that the name does not exist.",
    ),
    Case(
        "dnspython_no_record_of_type",
        lambda: _resolve(_name_server(dns.rcode.NOERROR), "MX"),
        ("dns",),
        False,
        is_.NO,
        is_.SURFACE | {"USE_DEFAULT_VALUE", "SWITCH_API_ENDPOINT", "SKIP_OPERATION"},
        is_.WRONG_CURE,
        "The domain has no MX record; asking again gets the same empty answer.",
    ),
    Case(
        "dnspython_servers_all_servfail",
        lambda: _resolve(_name_server(dns.rcode.SERVFAIL)),
        ("dns",),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "SERVFAIL is a failure of the name servers, usually brief.",
    ),
    Case(
        "dnspython_lifetime_expired",
        lambda: _resolve(_deaf_name_server().getsockname()[1]),
        ("dns", "timeout"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RETRY_OR_SWITCH,
        is_.WRONG_CURE,
        "No name server answered within the resolver's limit.",
    ),
    Case(
        "tls_certificate_expired",
        lambda: _handshake(tls_port("expired")),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The certificate stays expired until somebody renews it; the request was never sent.",
    ),
    Case(
        "tls_certificate_for_other_host",
        lambda: _handshake(tls_port("other_host")),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The certificate is for another name: wrong address or an intruder, so stop.",
    ),
    Case(
        "tls_self_signed",
        lambda: _handshake(tls_port("self_signed")),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "A self-signed certificate is not trusted until somebody installs it.",
    ),
    Case(
        "tls_unknown_authority",
        lambda: _handshake(tls_port("good"), ssl.create_default_context()),
        ("tls",),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The issuing authority is missing in the trust store of this host.",
    ),
    Case(
        "tls_to_a_plain_port",
        lambda: _handshake(eager_port(Reply(b"220 mail ready\r\n"))),
        ("tls", "configuration"),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The port does not speak TLS at all: a wrong port or scheme.",
    ),
    Case(
        "tls_peer_closed_in_handshake",
        lambda: _handshake(eager_port(Reply(b"", "close"))),
        ("tls", "network"),
        True,
        is_.NO_OR_UNKNOWN,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer hung up during the handshake, as balancers do while a backend restarts.",
    ),
    Case(
        "tls_handshake_times_out",
        lambda: _handshake(deaf_port()),
        ("timeout", "tls"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The handshake did not end in time; the request was not yet sent.",
    ),
    Case(
        "tls_protocol_version_refused",
        lambda: _handshake(tls_port("good", "modern"), _old_client()),
        ("tls", "configuration"),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The two sides have no protocol version in common, which is a setting.",
    ),
    Case(
        "tls_no_shared_cipher",
        lambda: _handshake(tls_port("good", "ciphers"), _other_ciphers()),
        ("tls", "configuration"),
        False,
        is_.NO,
        is_.SURFACE,
        is_.RERUNS,
        "The two sides have no cipher in common, which is a setting.",
    ),
    Case(
        "tls_client_certificate_required",
        lambda: _handshake(tls_port("good", "client_certificate"), speaks=False),
        ("tls", "auth"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.ANYTHING_ELSE,
        "The server wants a client certificate that this client does not have.",
    ),
    Case(
        "tls_stream_cut_without_goodbye",
        _ragged_end,
        ("tls", "network"),
        True,
        is_.UNKNOWN | is_.YES,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The connection ended without close_notify in the middle of an answer.",
    ),
    Case(
        "tls_bad_record_mac_on_shared_connection",
        lambda: ssl.SSLError(
            1, "[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC] decryption failed or bad record mac (_ssl.c:2580)"
        ),
        ("tls", "network"),
        True,
        is_.UNKNOWN,
        is_.NEW_CONNECTION,
        is_.WRONG_CURE,
        "The record stream is out of step, as when a forked worker shares the socket; open a new connection.",
    ),
    Case(
        "tls_key_of_other_certificate",
        _key_of_other_certificate,
        ("configuration", "tls"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "Key file and certificate file do not belong together.",
    ),
    Case(
        "tls_client_key_file_missing",
        lambda: raised(
            lambda: ssl.create_default_context().load_cert_chain(os.path.join("/etc/acme/tls", "client.pem"))
        ),
        ("configuration", "filesystem"),
        False,
        is_.NO_OR_UNKNOWN,
        is_.SURFACE,
        is_.RERUNS,
        "The client certificate is not at the configured path.",
    ),
    Case(
        "tls_reset_in_handshake",
        lambda: _handshake(hello_then_reset_port()),
        ("network", "tls"),
        True,
        is_.NO,
        is_.RECONNECT,
        is_.WRONG_CURE,
        "The peer broke off before the handshake was over, so no request was sent.",
    ),
]
