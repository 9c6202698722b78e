"""The informants' vault: whole tip-off files encrypted, and keyed ids that stand for their tip numbers."""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet

from graph.lake.home import LakeHome
from ingest.readers.original import Original, sync_folder

_KEY_FILE = "key"


class Vault:
    """Encrypts with a key made at first use (mode 0600); nothing else of the product reads this folder."""

    def __init__(self, home: LakeHome) -> None:
        home.vault.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = home.vault
        self._key = _key(home.vault / _KEY_FILE)

    def lock_away(self, original: Original) -> Path:
        """Encrypt the private copy of a file into the vault and remove the copy."""
        place = self._folder / f"{original.sha256}.fernet"
        if not place.exists():
            temporary = place.with_suffix(".tmp")
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as handle:
                handle.write(Fernet(self._key).encrypt(original.copy.read_bytes()))
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(place)
            sync_folder(self._folder)
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
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    return path.read_bytes()
