"""Keeps the files of a look-up on disk under the state they were made of; what is damaged is made anew."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.durable import disk, make_folder, put_folder, remove, sync_file
from graph.lake.seal import checksum, read_sealed, unbroken, write_sealed

_LIST = "files.json"
_BUILDING = threading.Lock()


def kept_folder(root: Path, name: str, state: str, make: Callable[[Path], None]) -> Path:
    """The folder `name`-`state` below `root`, whole and unbroken; `make` fills it where there is none.

    make: writes its files into the (empty, private) folder that it is given. Folders of other states of the
    same name are removed: they hold personal data that the lake may no longer have. StorageFailed when the
    disk refuses.
    """
    folder = root / f"{name}-{state}"
    with _BUILDING:
        if not _whole(folder):
            with disk(folder):
                make_folder(root, 0o700)
                root.chmod(0o700)
                _made(folder, make)
        for other in root.glob(f"{name}-*"):
            if other != folder and not other.name.endswith(".tmp"):
                remove(other)
    return folder


def _made(folder: Path, make: Callable[[Path], None]) -> None:
    with _beside(folder) as written:
        make(written)
        files = sorted(written.iterdir())
        for path in files:
            sync_file(path)
        write_sealed(written / _LIST, {path.name: checksum(path) for path in files})
        # Another process may have been quicker; what it made is the same.
        if _whole(folder):
            return
        shutil.rmtree(folder, ignore_errors=True)
        put_folder(written, folder)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    written = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(written, ignore_errors=True)
    written.mkdir(mode=0o700)
    try:
        yield written
    finally:
        shutil.rmtree(written, ignore_errors=True)


def _whole(folder: Path) -> bool:
    try:
        listed = read_sealed(folder / _LIST)
    except ValueError:
        return False
    return listed is not None and all(unbroken(folder / name, str(said)) for name, said in listed.items())
