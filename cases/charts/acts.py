"""Everything people did with saved charts: append-only rows, and beside them the drawings by their digest."""

import hashlib
import json
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from cases.access import Action
from cases.chain import Chain, Values
from cases.charts.codec import read_back, written
from cases.charts.drawing import Drawing, of_this_schema
from cases.sealed import Sealed
from graph.contract import Ref
from graph.durable import disk, write_once
from graph.errors import EvidenceBroken, InputError
from graph.lake.home import LakeHome

Kind = Literal["save", "share", "unshare", "comment", "uncomment", "withdraw"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_BYTES = 64 * 1024 * 1024
_TABLE = {
    "at": "TEXT NOT NULL", "chart": "TEXT NOT NULL", "number": "INTEGER NOT NULL", "kind": "TEXT NOT NULL",
    "done_by": "TEXT NOT NULL", "desk_role": "TEXT NOT NULL", "title": "TEXT NOT NULL", "case_no": "TEXT",
    "text": "TEXT NOT NULL", "about": "TEXT NOT NULL", "drawing": "TEXT NOT NULL",
    "nodes": "INTEGER NOT NULL", "lake_digest": "TEXT NOT NULL",
}  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ChartAct:
    """One thing somebody did with a chart. number: counts the acts of this chart, from 1.

    text: the note of a version or the comment. about: the node a comment is on, or the comment taken back.
    drawing: digest of what a version holds. seq: 0 until stored.
    """

    chart: str
    number: int
    kind: Kind
    done_by: str
    desk_role: str
    at: datetime
    title: str = ""
    case_no: str | None = None
    text: str = ""
    about: Ref | int | None = None
    drawing: str = ""
    nodes: int = 0
    lake_digest: str = ""
    seq: int = 0


def charts_path(home: LakeHome) -> Path:
    """Where an installation keeps what was done with saved charts."""
    return home.root / "charts.sqlite"


def drawings_path(home: LakeHome) -> Path:
    """Where it keeps what the versions hold."""
    return home.root / "charts"


def sealed_charts(home: LakeHome) -> Sealed:
    """The file of the acts, guarded by chain and audit."""
    chain = Chain(charts_path(home), "chart_acts", _TABLE)
    return Sealed(home, chain, "saved charts", (Action.KEEP_CHART, Action.OPEN_CHART), private=True)


def values_of(act: ChartAct) -> Values:
    """The act as it is stored."""
    about = [act.about.type, act.about.key] if isinstance(act.about, Ref) else act.about
    values: Values = {name: getattr(act, name) for name in _TABLE}
    values["at"] = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    values["about"] = json.dumps(about, ensure_ascii=False)
    return values


def act_of(values: Values) -> ChartAct:
    """The act that was stored; ValueError, KeyError or TypeError when it was none."""
    about = json.loads(values["about"])
    given: dict[str, Any] = {name: values[name] for name in _TABLE} | {
        "at": datetime.fromisoformat(values["at"]),
        "about": Ref(*about) if isinstance(about, list) else about,
        "kind": KINDS[KINDS.index(values["kind"])],
    }
    return ChartAct(**given, seq=values["seq"])


def put_drawing(home: LakeHome, drawing: Drawing) -> str:
    """Store what a version holds and give its digest; the same drawing is stored once. Owner-only."""
    content = written(drawing).encode()
    if len(content) > MOST_BYTES:
        raise InputError(
            "This chart is too large to save; take away some of it.", zh="图过大，无法保存；请移除一部分。"
        )
    digest = hashlib.sha256(content).hexdigest()
    folder = drawings_path(home)
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(folder / f"{digest}.json.z", zlib.compress(content, 6))
    return digest


def get_drawing(home: LakeHome, digest: str) -> Drawing:
    """What a version holds. EvidenceBroken when it is gone or other than it was, InputError for its shape."""
    broken = EvidenceBroken(
        "What this version of the chart holds is missing or damaged; open another version, or restore the "
        "folder `charts` from a backup.",
        zh="该版本的内容缺失或已损坏；请打开其他版本，或从备份恢复文件夹 charts。",
        file=drawings_path(home).name,
    )
    if not _DIGEST.fullmatch(digest):
        raise broken
    try:
        packed = (drawings_path(home) / f"{digest}.json.z").read_bytes()
        reading = zlib.decompressobj()
        content = reading.decompress(packed, MOST_BYTES + 1)
    except (OSError, zlib.error) as error:
        raise broken from error
    if len(content) > MOST_BYTES or hashlib.sha256(content).hexdigest() != digest:
        raise broken
    return of_this_schema(read_back(content.decode(), Drawing, "chart"))
