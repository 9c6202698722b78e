"""The manifest beside every export: what was written, from what, by whom, for what purpose."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash

from export.signs import utc_text


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who exports, why and when; the time is handed in, so that equal inputs give equal bytes.

    audit_head: `seq:hash` of the audit after the export's intent; kept off-host it shows tampering.
    """

    exporter: str
    role: str
    made_at: datetime
    purpose: str = ""
    reason: str = ""
    case: str | None = None
    approver: str | None = None
    audit_head: str = ""

    def export_id(self, content_digest: str) -> str:
        """A name for this one export: 16 hexadecimal digits from its content and this stamp."""
        facts = [content_digest, self.exporter, utc_text(self.made_at), self.audit_head]
        return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()[:16]


@cache
def tool_version() -> str:
    """The version in pyproject.toml."""
    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def manifest(
    files: Mapping[str, bytes],
    stamp: Stamp,
    *,
    content_digest: str,
    lake_digest: str,
    mask_policy: str,
    rules: tuple[tuple[str, int], ...] = (),
    parameters: Mapping[str, Any] | None = None,
) -> bytes:
    """The manifest as JSON in UTF-8, keys sorted, one trailing newline."""
    facts = {
        "export_id": stamp.export_id(content_digest),
        "files": {name: _sums(content) for name, content in sorted(files.items())},
        "tool": {"name": "duanlian", "version": tool_version()},
        "rules": [{"rule": rule, "revision": revision} for rule, revision in rules],
        "parameters": dict(parameters or {}),
        "lake_digest": lake_digest,
        "content_digest": content_digest,
        "mask_policy": mask_policy,
        "exporter": stamp.exporter,
        "role": stamp.role,
        "approver": stamp.approver,
        "purpose": stamp.purpose,
        "reason": stamp.reason,
        "case": stamp.case,
        "made_at": utc_text(stamp.made_at),
        "audit_head": stamp.audit_head,
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    return (text + "\n").encode("utf-8")


def manifest_path(out: Path) -> Path:
    """Where the manifest of an export lies."""
    return out.with_name(out.name + ".manifest.json")


def _sums(content: bytes) -> dict[str, Any]:
    sm3 = Hash(SM3())
    sm3.update(content)
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "sm3": sm3.finalize().hex(),
        "bytes": len(content),
    }
