"""AuditDesk 审计台: what the auditor's pages ask, beside proving."""

from __future__ import annotations

from dataclasses import dataclass

from application.audit.erasures import Erasures
from application.audit.exports import Exports
from application.audit.filming import Filming
from application.audit.replaying import Replaying


@dataclass(frozen=True)
class AuditDesk:
    """The use cases of the auditor's pages."""

    replaying: Replaying
    filming: Filming
    exports: Exports
    erasures: Erasures
