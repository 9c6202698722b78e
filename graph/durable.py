"""The one home of durable steps: write beside, sync, rename, sync the folder; readers see old or new."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from graph.errors import StorageFailed


def step(name: str, path: Path) -> None:
    """Called around everything that must survive a kill; does nothing.

    The fault tests put a function in its place that ends the process, or refuses to write, at the n-th call.
    """


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """A name beside `place` to write the new file to; when the block ends it is made durable and put there.

    Of a block that fails nothing is left. StorageFailed when the disk refuses.
    """
    temporary = place.with_name(f"{place.name}.tmp")
    with disk(place):
        make_folder(place.parent)
        step("write", temporary)
        try:
            yield temporary
            step("written", temporary)
            put(temporary, place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def replace_bytes(place: Path, content: bytes, mode: int = 0o666) -> None:
    """Put a file with this content in place; `mode` as of open(2), less the umask."""
    with replacing(place) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)


def write_once(place: Path, content: bytes, mode: int = 0o600) -> bool:
    """Put a whole file in place unless there is one; whether this call did it."""
    temporary = place.with_name(f"{place.name}.{os.getpid()}.tmp")
    with disk(place):
        make_folder(place.parent)
        step("write", temporary)
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(content)
            sync_file(temporary)
            step("synced", temporary)
            os.link(temporary, place)
        except FileExistsError:
            return False
        finally:
            temporary.unlink(missing_ok=True)
        step("named", place)
        sync_folder(place.parent)
    return True


def put(written: Path, place: Path) -> None:
    """Make a whole written file durable, then give it its name, then make the name durable."""
    with disk(place):
        sync_file(written)
        step("synced", written)
        written.replace(place)
        step("named", place)
        sync_folder(place.parent)
        step("kept", place)


def put_folder(written: Path, place: Path) -> None:
    """The same for a folder of files that are durable themselves; no folder may be at `place`."""
    with disk(place):
        sync_folder(written)
        step("synced", written)
        written.rename(place)
        step("named", place)
        sync_folder(place.parent)
        step("kept", place)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all in it, that nothing names any more; one that is gone is fine."""
    with disk(path):
        step("clear", path)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it, each durable in the one it lies in."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=mode, exist_ok=True)
    sync_folder(folder.parent)


def sync_file(path: Path) -> None:
    """Have the device keep a file's bytes."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Have the device keep the names in a folder."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


@contextmanager
def disk(place: Path) -> Iterator[None]:
    """Says in one sentence what the disk refused while `place` was being written."""
    try:
        yield
    except OSError as error:
        raise storage_failed(place.name, os.strerror(error.errno or errno.EIO)) from error
    except pl.exceptions.PolarsError as error:
        if "os error" not in str(error):
            raise
        raise storage_failed(place.name, str(error).rpartition(": ")[2]) from error


def storage_failed(name: str, why: str) -> StorageFailed:
    """The error for a file called `name` that can't be written."""
    return StorageFailed(
        f"{name} can't be written ({why}); free space or mend the disk and run the same command again:"
        " what was acknowledged before is kept.",
        file=name,
    )


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
