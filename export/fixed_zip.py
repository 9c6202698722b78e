"""Zip archives whose bytes follow from their content alone: fixed order, time, attributes and level."""

import io
import zipfile
from collections.abc import Mapping

_THEN = (1980, 1, 1, 0, 0, 0)
_PLAIN_FILE = 0o600 << 16


def fixed_zip(files: Mapping[str, bytes], first: str = "") -> bytes:
    """The files as one archive, by name, the one called `first` ahead of all others."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files, key=lambda one: (one != first, one)):
            entry = zipfile.ZipInfo(name, _THEN)
            entry.external_attr = _PLAIN_FILE
            entry.create_system = 3
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()


def rezipped(content: bytes, first: str = "") -> bytes:
    """An archive packed anew by `fixed_zip`; what its files hold stays as it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return fixed_zip({name: archive.read(name) for name in archive.namelist()}, first)
