"""The informants' vault: whole tip-off files encrypted, and keyed ids that stand for their tip numbers."""

import hashlib
import hmac
from pathlib import Path

from cryptography.fernet import Fernet

from graph.durable import make_folder, replace_bytes, write_once
from graph.lake.home import LakeHome
from ingest.readers.original import Original

_KEY_FILE = "key"


class Vault:
    """Encrypts with a key made at first use (mode 0600); nothing else of the product reads this folder."""

    def __init__(self, home: LakeHome) -> None:
        make_folder(home.vault, 0o700)
        self._folder = home.vault
        self._key = _key(home.vault / _KEY_FILE)

    def lock_away(self, original: Original) -> Path:
        """Encrypt the private copy of a file into the vault and remove the copy."""
        place = self._folder / f"{original.sha256}.fernet"
        if not place.exists():
            replace_bytes(place, Fernet(self._key).encrypt(original.copy.read_bytes()), 0o600)
        original.copy.unlink(missing_ok=True)
        return place

    def open_file(self, sha256: str) -> bytes:
        """The content of a file that was locked away."""
        return Fernet(self._key).decrypt((self._folder / f"{sha256}.fernet").read_bytes())

    def tip_id(self, tip_no: str) -> str:
        """`tip:` and a keyed hash: the same for the same number here, meaningless without the vault's key."""
        secret = hmac.digest(self._key, b"tip-id", "sha256")
        return "tip:" + hmac.new(secret, tip_no.encode(), hashlib.sha256).hexdigest()[:32]


def _key(path: Path) -> bytes:
    if not path.exists():
        write_once(path, Fernet.generate_key())
    return path.read_bytes()
