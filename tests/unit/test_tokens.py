"""令牌: only what was signed here, unchanged and in time, is read; everything else is refused alike."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from joserfc import jwt
from joserfc.jwk import OctKey

from application.tokens import Claims
from domain.sign_in_refusals import NotSignedIn
from infrastructure.tokens import LEEWAY_SECONDS, LONGEST, SignedTokens

KEY = b"a key of thirty-two bytes or more"
NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEEWAY = LEEWAY_SECONDS * SECOND
CLAIMS = Claims(
    staff_id="hedong-01",
    account_changed_at=datetime(2026, 3, 1, 23, 59, 59, 123457, tzinfo=UTC),
    signed_in_at=NINE - timedelta(hours=1),
    issued_at=NINE,
    expires_at=NINE + timedelta(minutes=30),
)
TOKENS = SignedTokens(KEY)
TOKEN = TOKENS.sign(CLAIMS)
PAYLOAD = jwt.decode(TOKEN, OctKey.import_key(KEY), algorithms=["HS256"]).claims


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def signed(claims: dict[str, object], algorithm: str = "HS256", key: bytes = KEY, **header: object) -> str:
    """A token that somebody with the library makes."""
    return jwt.encode({"alg": algorithm, **header}, claims, OctKey.import_key(key), algorithms=[algorithm])


def refused(token: str, at: datetime = NINE) -> bool:
    with pytest.raises(NotSignedIn):
        TOKENS.read(token, at)
    return True


def test_a_token_is_read_as_it_was_signed() -> None:
    assert TOKENS.read(TOKEN, NINE) == CLAIMS
    assert SignedTokens(KEY).read(TOKEN, NINE) == CLAIMS, "another process with the key reads it too"


def test_a_token_tells_neither_roles_nor_areas_nor_names() -> None:
    assert set(PAYLOAD) == {"iss", "sub", "jti", "iat", "exp", "auth_time", "account_changed_at"}


def test_no_two_tokens_are_the_same() -> None:
    assert TOKENS.sign(CLAIMS) != TOKEN


def test_a_token_expires_with_a_small_leeway_for_clocks_that_differ() -> None:
    assert TOKENS.read(TOKEN, CLAIMS.expires_at + LEEWAY - SECOND)
    assert refused(TOKEN, CLAIMS.expires_at + LEEWAY)


def test_a_token_from_the_future_is_refused() -> None:
    assert TOKENS.read(TOKEN, NINE - LEEWAY)
    assert refused(TOKEN, NINE - LEEWAY - SECOND)


def test_a_token_under_another_key_is_refused() -> None:
    assert refused(SignedTokens(b"another key of thirty-two bytes!!").sign(CLAIMS))


def test_a_token_without_a_signature_is_refused() -> None:
    header, payload, signature = TOKEN.split(".")
    none = part({"typ": "JWT", "alg": "none"})
    for token in (f"{none}.{payload}.", f"{none}.{payload}.{signature}", f"{header}.{payload}.", f"{header}.{payload}"):
        assert refused(token)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_token_under_our_key_and_another_algorithm_is_refused(algorithm: str) -> None:
    assert refused(signed(PAYLOAD, algorithm))


def test_a_header_that_names_its_own_key_is_refused() -> None:
    theirs = OctKey.import_key(KEY).as_dict()
    assert refused(signed(PAYLOAD, jwk=theirs))
    assert refused(signed(PAYLOAD, kid="../../dev/null"))


@pytest.mark.parametrize("claim", sorted(PAYLOAD))
def test_a_claim_changed_after_signing_is_refused(claim: str) -> None:
    header, _, signature = TOKEN.split(".")
    value = PAYLOAD[claim]
    changed = value + 1 if isinstance(value, int) else value + "x"
    assert refused(f"{header}.{part({**PAYLOAD, claim: changed})}.{signature}")


@pytest.mark.parametrize("claim", sorted(set(PAYLOAD) - {"jti"}))
def test_a_token_that_lacks_a_claim_is_refused(claim: str) -> None:
    assert refused(signed({name: value for name, value in PAYLOAD.items() if name != claim}))


def test_what_the_key_signed_for_another_purpose_is_no_token() -> None:
    assert refused(signed({**PAYLOAD, "iss": "somebody else"}))
    assert refused(signed({**PAYLOAD, "exp": "never"}))


@pytest.mark.parametrize(
    "header",
    [5, "alg", ["alg"], {}, {"alg": []}, {"alg": {}}, {"alg": None}, [[[[]]]], {"alg": "HS256", "b64": False}],
)
def test_a_header_of_another_form_is_refused(header: object) -> None:
    _, payload, signature = TOKEN.split(".")
    assert refused(f"{part(header)}.{payload}.{signature}")


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "令牌", "\ud800", "\x00", "[" * LONGEST])
def test_what_is_no_token_at_all_is_refused(token: str) -> None:
    header = TOKEN.split(".")[0]
    assert refused(token)
    assert refused(f"{header}.{token}")


def test_a_token_longer_than_any_of_ours_is_refused_unread() -> None:
    assert len(TOKENS.sign(replace(CLAIMS, staff_id="x" * 64))) < LONGEST / 2
    assert refused(signed({**PAYLOAD, "sub": "x" * LONGEST}))


@given(some.text(max_size=60), some.integers(0, len(TOKEN)), some.integers(0, 20))
def test_any_other_text_is_refused(text: str, start: int, cut: int) -> None:
    token = TOKEN[:start] + text + TOKEN[start + cut :]
    assert token == TOKEN or refused(token)
