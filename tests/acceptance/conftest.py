"""Acceptance: through the doors that people and programs use, against a running service."""

from tests.served import served

__all__ = ["served"]
