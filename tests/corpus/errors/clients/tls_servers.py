"""Loopback TLS servers with good and bad certificates."""

from __future__ import annotations

import contextlib
import datetime
import functools
import ipaddress
import os
import socket
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .servers import finish, http_bytes, listen, read_request, work_folder

_PAST = datetime.datetime(2023, 1, 1, tzinfo=datetime.UTC)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@functools.cache
def _authority(label: str) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{label} Root CA")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_PAST)
        .not_valid_after(_PAST + datetime.timedelta(days=12000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def _write(name: str, data: bytes) -> str:
    path = os.path.join(work_folder(), name)
    with open(path, "wb") as file:
        file.write(data)
    return path


@functools.cache
def authority_file(label: str = "Acme Internal") -> str:
    """The PEM file of the authority that the good servers' certificates come from."""
    _, certificate = _authority(label)
    return _write(f"ca-{label.replace(' ', '-')}.pem", certificate.public_bytes(serialization.Encoding.PEM))


@functools.cache
def leaf_files(kind: str) -> tuple[str, str]:
    """Certificate and key file of a server: good, expired, other_host or self_signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer_key, issuer = _authority("Acme Internal")
    days = 60 if kind == "expired" else 12000
    signer = key if kind == "self_signed" else issuer_key
    subject = _name("payments.internal")
    names: list[x509.GeneralName]
    if kind == "other_host":
        names = [x509.DNSName("legacy-payments.internal")]
    else:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if kind == "self_signed" else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_PAST)
        .not_valid_after(_PAST + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    if kind != "self_signed":
        authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
        builder = builder.add_extension(authority_key, critical=False)
    certificate = builder.sign(signer, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (
        _write(f"{kind}.pem", certificate.public_bytes(serialization.Encoding.PEM)),
        _write(f"{kind}.key", secret),
    )


@functools.cache
def tls_port(kind: str = "good", flavour: str = "") -> int:
    """A TLS server with this certificate; flavours: old, ciphers, client_certificate, ragged."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*leaf_files(kind))
    if flavour == "modern":
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if flavour == "ciphers":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    if flavour == "client_certificate":
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority_file())

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            secured = context.wrap_socket(connection, server_side=True)
            read_request(secured)
            if flavour == "ragged":
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{")
                os.close(secured.detach())
                return
            secured.sendall(http_bytes(200, b"{}"))
            finish(secured, "close")

    return listen(serve)


@functools.cache
def hello_then_reset_port() -> int:
    """A port that resets the connection after the first bytes of the handshake."""

    def serve(connection: socket.socket) -> None:
        connection.recv(64)
        finish(connection, "reset")

    return listen(serve)


def client_context() -> ssl.SSLContext:
    """A context that trusts the internal authority only."""
    return ssl.create_default_context(cafile=authority_file())
