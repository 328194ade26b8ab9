"""An https webhook: the connection goes to the address looked at, and the certificate still has to bear the name."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from application.feed.envelope import Envelope
from application.feed.retrying import Outcome
from infrastructure.feed.outside import Outside
from infrastructure.feed.webhook_sending import Sender
from interfaces.wiring import now
from tests.receiver import Receiver, receiving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LOOPBACK = Outside([ip_network("127.0.0.0/8"), ip_network("::1/128")])
ENVELOPE = Envelope(
    "1.0", "150785:1", "urn:wangge:log:150785", "wangge.issue.closed", "s", "2026-11-02T01:00:00Z", "application/json",
    "urn:wangge:event:issue.closed:1", "150785", 1, "2026-11-02T01:00:00Z", 1, {"reason": "中文"},
)  # fmt: skip


def certificate(folder: Path, name: str) -> Path:
    """Key and certificate of a name that trusts nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / f"{name}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    """Behind a certificate for `localhost`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path, "localhost"))
    with receiving(tls=context) as one:
        yield one


def send(url: str) -> Outcome:
    async def once() -> Outcome:
        sender = Sender(LOOPBACK, now)
        try:
            return await sender.send(url, [SECRET], ENVELOPE)
        finally:
            await sender.close()

    return asyncio.run(once())


def test_a_certificate_that_is_trusted_and_bears_the_name_is_spoken_to(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    outcome = send(f"https://localhost:{receiver.port}/hook")
    assert (outcome.status, outcome.failure) == (204, "")
    assert receiver.taken[0].verified(SECRET)["data"] == {"reason": "中文"}


def test_one_that_nobody_trusts_is_not(receiver: Receiver) -> None:
    assert send(f"https://localhost:{receiver.port}/hook").failure == "tls"
    assert receiver.taken == []


def test_one_of_another_name_is_not(receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    assert send(f"https://127.0.0.1:{receiver.port}/hook").failure == "tls"
    assert receiver.taken == []


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("https://no-such-name.invalid/hook", "no-connection"),
        ("https://10.255.255.1/hook", "forbidden-address"),
        ("http://127.0.0.1:1/hook", "no-connection"),
    ],
)
def test_what_is_not_there_or_out_of_bounds_is_told_in_a_word(url: str, failure: str) -> None:
    outcome = send(url)
    assert (outcome.status, outcome.failure) == (None, failure)
