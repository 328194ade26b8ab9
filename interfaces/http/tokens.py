"""/tokens 令牌: sign in, and stay signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, status
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import Field, SecretStr

from application.tokens import Token
from domain.sign_in_refusals import BadCredentials, NotSignedIn, TooManyAttempts
from interfaces.http.calls import ServicesDep, bearer
from interfaces.http.fields import Body
from interfaces.http.problems import responses

router = APIRouter(prefix="/tokens", tags=["登录"])


class Credentials(Body):
    """账号和口令."""

    login: Annotated[str, Field(min_length=1, max_length=100, description="账号", examples=["hedong-01"])]
    password: Annotated[SecretStr, Field(min_length=1, max_length=500, description="口令")]


@router.post("", status_code=status.HTTP_201_CREATED, responses=responses(BadCredentials, TooManyAttempts))
async def sign_in(credentials: Credentials, services: ServicesDep) -> Token:
    """登录: a token for the login and password. After 5 failures in 15 minutes the login waits 15 minutes."""
    return await services.sign_in.sign_in(credentials.login, credentials.password.get_secret_value())


@router.post("/renew", status_code=status.HTTP_201_CREATED, responses=responses())
async def renew(services: ServicesDep, held: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Token:
    """续期: a fresh token for one that is still valid, until 12 hours after signing in."""
    if held is None:
        raise NotSignedIn()
    return await services.sign_in.renew(held.credentials)
