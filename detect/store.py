"""Stores detection results as Parquet, swapped all at once, and reads them back whole or a part at a time."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl

from detect.layout import LAYOUT, detection_frames, findings_from, gangs_from, mules_from
from detect.results import Detection, Finding, Gang, Mule
from graph.contract import Ref
from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables

MANIFEST = "manifest.json"
DetectionState = Literal["none", "fresh", "stale"]


@dataclass(frozen=True, slots=True)
class GangSummary:
    """One gang without its members: what a list shows. evidence: distinct source rows; counts in nodes."""

    gang_id: str
    score: float
    stability: float
    persons: int
    accounts: int
    members: int
    evidence: int
    findings: int


def write_detection(home: LakeHome, detection: Detection) -> None:
    """Store a detection and put it in force at once; a reader sees the old results or the new ones.

    Equal detections give equal bytes; the folder is named by its content.
    """
    home.findings.mkdir(parents=True, exist_ok=True)
    temporary = home.findings / f"writing.{os.getpid()}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    content = hashlib.sha256()
    for name, frame in detection_frames(detection).items():
        path = temporary / f"{name}.parquet"
        frame.write_parquet(path, compression="zstd", compression_level=1)
        with path.open("rb") as handle:
            content.update(hashlib.file_digest(handle, "sha256").digest())
            os.fsync(handle.fileno())
    folder = home.findings / content.hexdigest()[:20]
    if folder.exists():
        shutil.rmtree(temporary)
    else:
        temporary.rename(folder)
    _write_manifest(home, detection, folder.name)
    for other in home.findings.iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other, ignore_errors=True)


def open_detection(home: LakeHome) -> Detection | None:
    """The stored detection whole, rows included; None when detection never ran. Lossless."""
    manifest = _manifest(home)
    if manifest is None:
        return None
    frames = {name: _scan(home, manifest, name).collect() for name in LAYOUT}
    return Detection(
        manifest["lake_digest"],
        manifest["engine"],
        findings_from(frames["findings"]),
        gangs_from(frames),
        mules_from(frames["mules"], frames["mule_reasons"]),
        tuple(manifest["truncated"]),
    )


def detection_state(home: LakeHome) -> DetectionState:
    """`none` when detection never ran, `stale` when the lake changed since, else `fresh`."""
    manifest = _manifest(home)
    if manifest is None:
        return "none"
    return "fresh" if manifest["lake_digest"] == open_tables(home).digest.digest else "stale"


def detection_counts(home: LakeHome) -> dict[str, int]:
    """How many findings, gangs and mules are stored; zeros when detection never ran."""
    counts = {"findings": 0, "gangs": 0, "mules": 0}
    manifest = _manifest(home)
    return counts if manifest is None else {name: manifest["counts"][name] for name in counts}


def gang_summaries(home: LakeHome) -> tuple[GangSummary, ...]:
    """All gangs, best first, without members and rows; none when detection never ran."""
    columns = ["gang_id", "score", "stability", "persons", "accounts", "members", "evidence"]
    frame = _read(home, "gangs", lambda g: g.select(*columns, pl.col("findings").list.len().cast(pl.Int64)))
    return tuple(GangSummary(**r) for r in frame.iter_rows(named=True))


def gang(home: LakeHome, gang_id: str) -> Gang | None:
    """One gang whole; None when there is none of that id."""
    names = ("gangs", "gang_members", "role_reasons", "gang_links")
    mine = pl.col("gang_id") == gang_id
    found = gangs_from({name: _read(home, name, lambda f: f.filter(mine)) for name in names})
    return found[0] if found else None


def gangs_of(home: LakeHome, ref: Ref) -> tuple[str, ...]:
    """Ids of the gangs that a node is a member of, in order of id."""
    here = (pl.col("type") == ref.type) & (pl.col("key") == ref.key)
    frame = _read(home, "gang_members", lambda f: f.filter(here).select("gang_id"))
    return tuple(sorted(frame.get_column("gang_id").unique().to_list()))


def mules(home: LakeHome, limit: int = 100, offset: int = 0) -> tuple[Mule, ...]:
    """Mules from `offset` on, best first, at most `limit`."""
    part = _read(home, "mules", lambda f: f.slice(offset, limit))
    keys = part.get_column("account").to_list()
    reasons = _read(home, "mule_reasons", lambda f: f.filter(pl.col("account").is_in(keys)))
    return mules_from(part, reasons)


def findings_of(home: LakeHome, ref: Ref) -> tuple[Finding, ...]:
    """Findings whose subject is this node, or that name it among their other nodes, in stored order."""
    subject = (pl.col("subject_type") == ref.type) & (pl.col("subject_key") == ref.key)
    named = pl.col("others").list.contains(
        pl.struct(pl.lit(ref.type).alias("type"), pl.lit(ref.key).alias("key"))
    )
    return findings_from(_read(home, "findings", lambda f: f.filter(subject | named)))


def finding(home: LakeHome, finding_id: str) -> Finding | None:
    """One finding by its id; None when there is none."""
    found = findings_from(_read(home, "findings", lambda f: f.filter(pl.col("finding_id") == finding_id)))
    return found[0] if found else None


def _read(home: LakeHome, name: str, narrow: Callable[[pl.LazyFrame], pl.LazyFrame]) -> pl.DataFrame:
    manifest = _manifest(home)
    if manifest is None:
        return narrow(pl.LazyFrame(schema=LAYOUT[name])).collect()
    return narrow(_scan(home, manifest, name)).collect()


def _scan(home: LakeHome, manifest: Mapping[str, Any], name: str) -> pl.LazyFrame:
    path = home.findings / str(manifest["folder"]) / f"{name}.parquet"
    if not path.exists():
        raise UnreadableSource(
            "The stored detection results are missing on disk; run `python -m detect` to make them again.",
            file=str(path),
        )
    return pl.scan_parquet(path)


def _manifest(home: LakeHome) -> dict[str, Any] | None:
    path = home.findings / MANIFEST
    if not path.exists():
        return None
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _write_manifest(home: LakeHome, detection: Detection, folder: str) -> None:
    counts = {
        "findings": len(detection.findings),
        "gangs": len(detection.gangs),
        "mules": len(detection.mules),
    }
    manifest = {
        "folder": folder,
        "lake_digest": detection.lake_digest,
        "engine": detection.engine,
        "truncated": list(detection.truncated),
        "counts": counts,
    }
    path = home.findings / MANIFEST
    temporary = path.with_name(f"{MANIFEST}.tmp")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False))
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    _sync_folder(home.findings)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
