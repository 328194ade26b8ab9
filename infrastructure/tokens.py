"""Tokens 令牌: claims as a JWT (RFC 7519) signed with HS256, and no other algorithm ever."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry

from application.tokens import Claims
from domain.sign_in_refusals import NotSignedIn

ALGORITHMS = ["HS256"]
ISSUER = "wangge"
LEEWAY_SECONDS = 5
"""How far the clocks of two servers may differ."""
LONGEST = 1_024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class SignedTokens:
    """`application.tokens.Tokens` under one key, the one `infrastructure.secret_key` gives."""

    def __init__(self, key: bytes) -> None:
        self._key = OctKey.import_key(key)
        self._header = self._encode({}).partition(".")[0] + "."

    def sign(self, claims: Claims) -> str:
        return self._encode(
            {
                "iss": ISSUER,
                "sub": claims.staff_id,
                "jti": secrets.token_urlsafe(12),
                "iat": int(claims.issued_at.timestamp()),
                "exp": int(claims.expires_at.timestamp()),
                "auth_time": int(claims.signed_in_at.timestamp()),
                # To the microsecond, since it is compared with the account's.
                "account_changed_at": (claims.account_changed_at - _EPOCH) // _MICROSECOND,
            }
        )

    def read(self, token: str, at: datetime) -> Claims:
        # Every token of ours begins with the very same header, so no other header is even parsed: neither
        # its algorithm, nor keys it names, nor a form the parser may stumble over is a stranger's to choose.
        if len(token) > LONGEST or not token.startswith(self._header):
            raise NotSignedIn()
        required = JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            sub={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
            auth_time={"essential": True},
            account_changed_at={"essential": True},
        )
        try:
            claims = jwt.decode(token, self._key, algorithms=ALGORITHMS).claims
            required.validate(claims)
        except (JoseError, ValueError):
            raise NotSignedIn() from None
        return Claims(
            staff_id=claims["sub"],
            account_changed_at=_EPOCH + claims["account_changed_at"] * _MICROSECOND,
            signed_in_at=datetime.fromtimestamp(claims["auth_time"], UTC),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )

    def _encode(self, claims: dict[str, object]) -> str:
        return jwt.encode({"alg": "HS256"}, claims, self._key, algorithms=ALGORITHMS)
