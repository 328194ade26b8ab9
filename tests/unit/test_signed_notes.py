"""Signed notes and checkpoints: the reference implementation's own example, rotation, and all that is refused."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain.proof.checkpoint import Checkpoint
from domain.proof.note import ED25519, BadNote, Note, NotSigned, Signature, VerifierKey, signers
from infrastructure.proof.ring import signed_with

# From the tests of golang.org/x/mod/sumdb/note.
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
WRITTEN = (
    f"{TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJ"
    "nAM=\n"
)
# The example of C2SP tlog-checkpoint.
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeM"
    "cTOAYQ8=\n"
)


def signed(text: str, *names: str) -> tuple[Note, list[VerifierKey]]:
    pairs = [(Ed25519PrivateKey.from_private_bytes(bytes([i]) * 32), name) for i, name in enumerate(names)]
    keys = [VerifierKey(name, ED25519, private.public_key().public_bytes_raw()) for private, name in pairs]
    made = [
        Signature(key.name, key.id, private.sign(text.encode())) for key, (private, _) in zip(keys, pairs, strict=True)
    ]
    return Note(text, tuple(made)), keys


def test_the_reference_note_is_read_verified_and_made_byte_for_byte() -> None:
    key, note = VerifierKey.parse(VKEY), Note.parse(WRITTEN)
    assert str(key) == VKEY
    assert signers(note, [key], signed_with) == [key]
    again = Signature(key.name, key.id, Ed25519PrivateKey.from_private_bytes(SEED).sign(TEXT.encode()))
    assert str(Note(TEXT, (again,))) == str(note) == WRITTEN


def test_a_text_may_hold_empty_lines() -> None:
    note, keys = signed("first\n\nsecond\n", "log")
    assert Note.parse(str(note)) == note
    assert signers(Note.parse(str(note)), keys, signed_with) == keys


def test_the_checkpoint_of_the_specification_is_read() -> None:
    head = Checkpoint.parse(Note.parse(SOFA).text)
    assert (head.origin, head.size, len(head.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert head.text == Note.parse(SOFA).text


def test_while_keys_are_handed_over_either_is_enough() -> None:
    note, (old, new) = signed("x\n", "log", "log")
    assert signers(note, [old], signed_with) == [old]
    assert signers(note, [new], signed_with) == [new]
    assert signers(note, [old, new], signed_with) == [old, new]


def test_a_signature_of_a_stranger_is_passed_over_and_not_enough() -> None:
    note, (key, stranger) = signed("x\n", "log", "elsewhere")
    assert signers(note, [key], signed_with) == [key]
    with pytest.raises(NotSigned, match="no trusted key"):
        signers(Note(note.text, note.signatures[1:]), [key], signed_with)
    assert stranger.id != key.id


def test_one_wrong_signature_of_a_trusted_key_spoils_the_note() -> None:
    note, (old, new) = signed("x\n", "log", "log")
    with pytest.raises(NotSigned, match="the signature of log is wrong"):
        signers(Note("y\n", note.signatures), [old, new], signed_with)
    forged = Signature(new.name, new.id, bytes(64))
    with pytest.raises(NotSigned):
        signers(Note("x\n", (note.signatures[0], forged)), [old, new], signed_with)


def test_a_key_of_an_algorithm_we_do_not_know_verifies_nothing() -> None:
    assert not signed_with(VerifierKey("log", 6, bytes(32)), b"x\n", bytes(64))


@pytest.mark.parametrize(
    "written",
    [
        "", "x\n", "x\n\n", "x\n\n— log\n", "x\n\n- log AAAAAAA=\n", "x\n\n— log AAAAAAA=", "x\n\n— l+g AAAAAAA=\n",
        "x\n\n— log AAAA\n", "x\n\n— log AAAAAAB=\n", "x\ty\n\n— log AAAAAAA=\n", "\n\n— log AAAAAAA=\n"[1:],
        "x\n\n" + "— log AAAAAAA=\n" * 101,
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(written: str) -> None:
    with pytest.raises(BadNote):
        Note.parse(written)


@pytest.mark.parametrize(
    "key",
    ["", "PeterNeumann", VKEY.replace("c74f", "c74e"), VKEY.replace("Peter", "Petra"), VKEY + "A", VKEY[:-4], "a+b+"],
)
def test_what_is_no_verifier_key_is_refused(key: str) -> None:
    with pytest.raises(BadNote):
        VerifierKey.parse(key)


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32), st.lists(st.text("abc", min_size=1), max_size=2))
def test_any_checkpoint_is_read_as_it_was_written(size: int, root: bytes, extensions: list[str]) -> None:
    head = Checkpoint("example.org/log", size, root, tuple(extensions))
    assert Checkpoint.parse(head.text) == head


ROOT = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "", "log\n", "log\n1\n", f"log\n01\n{ROOT}\n", f"log\n-1\n{ROOT}\n", f"\n1\n{ROOT}\n", f"log\n1\n{ROOT}",
        "log\n1\nAAAA\n", f"log\n1\n{ROOT}\n\n", f"log\n1\n{ROOT}\n\nx\n", f"log\n1\n{ROOT[:-2]}B=\n",
        f"log\n1\n{ROOT}\nlog\n\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(text)
