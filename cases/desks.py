"""The chart somebody is working on, kept for a while so that a page reload does not lose it."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.board import Board, History
from cases.charts.codec import read_back, written
from cases.charts.drawing import View
from cases.sealed import OWNER_ONLY
from graph.contract import Ref
from graph.durable import storage_failed
from graph.errors import InputError, StorageFailed
from graph.lake.home import LakeHome

KEPT_FOR = timedelta(days=3)
MOST_DESKS, MOST_STEPS, MOST_NODES = 50, 20, 20_000
MOST_BYTES = 64 * 1024 * 1024
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS desks (place TEXT PRIMARY KEY, owner TEXT NOT NULL, saved_at TEXT NOT NULL,"
    " state BLOB NOT NULL) STRICT"
)


@dataclass(frozen=True, slots=True)
class DeskState:
    """What comes back after a reload. chart, version: the saved chart that is open, "" and 0 for none.

    Whether values were shown whole is no part of it: unmasking is an act of its own, each time.
    """

    history: History = field(default_factory=History)
    view: View = field(default_factory=View)
    language: str = ""
    selected: tuple[Ref, ...] = ()
    chart: str = ""
    version: int = 0


def desks_path(home: LakeHome) -> Path:
    """Where an installation keeps working desks."""
    return home.root / "desks.sqlite"


def keep_desk(home: LakeHome, token: str, owner: str, state: DeskState, at: datetime) -> None:
    """Keep the state under a token, in place of what was there; old ones and the owner's 51st go.

    owner: user and browser it belongs to. At most 20 steps back and 20,000 nodes in them. StorageFailed when
    it can't be written.
    """
    bounded = replace(state, history=_bounded(state.history))
    content = zlib.compress(written(bounded).encode(), 1)
    now = at.astimezone(UTC)
    with _open(home) as connection:
        connection.execute("BEGIN IMMEDIATE")
        row = (_place(token), _owner(owner), now.isoformat(timespec="microseconds"), content)
        connection.execute("INSERT OR REPLACE INTO desks VALUES (?, ?, ?, ?)", row)
        oldest = (now - KEPT_FOR).isoformat(timespec="microseconds")
        connection.execute("DELETE FROM desks WHERE saved_at < ?", (oldest,))
        connection.execute(
            "DELETE FROM desks WHERE owner = ? AND place NOT IN (SELECT place FROM desks WHERE owner = ?"
            " ORDER BY saved_at DESC, place LIMIT ?)",
            (row[1], row[1], MOST_DESKS),
        )
        connection.execute("COMMIT")


def take_desk(home: LakeHome, token: str, owner: str, at: datetime) -> DeskState | None:
    """The state kept under a token; None when there is none, it expired or it is somebody else's.

    InputError when it is damaged.
    """
    if not desks_path(home).exists():
        return None
    with _open(home) as connection:
        row = connection.execute(
            "SELECT saved_at, state FROM desks WHERE place = ? AND owner = ?", (_place(token), _owner(owner))
        ).fetchone()
    if row is None or datetime.fromisoformat(row[0]) < at - KEPT_FOR:
        return None
    try:
        content = zlib.decompressobj().decompress(row[1], MOST_BYTES).decode()
    except (zlib.error, ValueError) as error:
        raise InputError(
            "What you worked on before can't be read; open a saved chart or start anew.",
            zh="之前的工作内容无法读取；请打开已保存的图，或重新开始。",
        ) from error
    return read_back(content, DeskState, "working chart")


def _bounded(history: History) -> History:
    """The newest steps whose nodes are not too many together; undone ones are not kept."""
    left = MOST_NODES - len(history.now.shown)
    kept: list[Board] = []
    for board in reversed(history.past[-MOST_STEPS:]):
        left -= len(board.shown)
        if left < 0:
            break
        kept.append(board)
    return History(history.now, tuple(reversed(kept)))


@contextmanager
def _open(home: LakeHome) -> Iterator[sqlite3.Connection]:
    path = desks_path(home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(OWNER_ONLY)
        path.chmod(OWNER_ONLY)
        with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
            connection.execute(_SCHEMA)
            yield connection
    except sqlite3.DatabaseError as error:
        raise StorageFailed(
            f"{path.name}, which keeps working charts over a reload, can't be used; remove it to start anew.",
            zh=f"{path.name}（用于刷新后恢复工作内容）无法使用；请移走该文件后重试。",
        ) from error
    except OSError as error:
        raise storage_failed(path.name, error.strerror or "") from error


def _place(token: str) -> str:
    """Tokens are stored as digests: who reads the file can't open a desk with it."""
    return hashlib.sha256(f"desk\x1f{token}".encode("utf-8", "surrogatepass")).hexdigest()


def _owner(owner: str) -> str:
    return hashlib.sha256(f"owner\x1f{owner}".encode("utf-8", "surrogatepass")).hexdigest()
