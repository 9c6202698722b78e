"""Keyed handles that stand for personal values in the audit and in masked exports."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from graph.contract import Ref
from graph.durable import write_once
from graph.lake.home import LakeHome

_KEY_BYTES = 32
# Six digits in a row may be part of an identifier; dates and sums with marks stay readable.
_LONG_NUMBER = re.compile(r"[0-9A-Za-z]*\d{6,}[0-9A-Za-z]*")


@dataclass(frozen=True, slots=True)
class Handles:
    """Turns values into keyed handles: equal values give equal handles, only the key's owner can list them.

    An unkeyed hash would not do: all 10^11 phone numbers can be hashed (GUARANTEES 7).
    """

    key: bytes = field(repr=False)

    def of(self, kind: str, value: str) -> str:
        """A handle of 20 hexadecimal digits for a value of one kind."""
        message = f"{kind}\x1f{value}".encode("utf-8", "surrogatepass")
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()[:20]

    def of_ref(self, ref: Ref) -> str:
        """The handle of a node."""
        return self.of(ref.type, ref.key)

    def scrub(self, text: str) -> str:
        """Free text with every long number replaced by its handle, so that no identifier is left in it."""
        return _LONG_NUMBER.sub(lambda found: f"[{self.of('text', found[0])}]", text)


def key_path(home: LakeHome) -> Path:
    """Where an installation keeps its handle key."""
    return home.root / "keys" / "handles.key"


def open_handles(home: LakeHome) -> Handles:
    """The handles of an installation; the key is made at first use, readable by its owner only."""
    path = key_path(home)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(path, secrets.token_bytes(_KEY_BYTES))
    return Handles(path.read_bytes())
