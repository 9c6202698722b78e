"""Stores detection results as Parquet, swapped all at once, and reads them back whole or a part at a time."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from detect.layout import LAYOUT, detection_frames, findings_from, gangs_from, mules_from
from detect.results import Detection, Finding, Gang, Mule
from graph import durable
from graph.contract import Ref
from graph.durable import disk, make_folder, put_folder, remove, sync_file
from graph.errors import UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.seal import read_sealed, seal, unbroken, write_sealed
from graph.lake.tables import open_tables

# Readers of stored results come without what a run needs (rules, sparse matrices): half a second at a start.
if TYPE_CHECKING:
    from detect.since.basis import Basis

MANIFEST = "manifest.json"
FORMAT = 3
"""Of the stored results. 1 (unnamed) had no fragility and no doubt of gangs, 2 no hierarchy and no
steadiness; both are read, without them."""
_REMEDY = "run `python -m detect` to make them again"
_EXPLAINED = "explained"
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


def write_detection(home: LakeHome, detection: Detection, basis: "Basis | None" = None) -> None:
    """Store a detection and put it in force at once; a reader sees the old results or the new ones.

    basis: what it was made from, for a later run over few other rows. Equal detections give equal bytes; the
    folder is named by its content.
    """
    frames = detection_frames(detection)
    if basis is not None:
        frames[_EXPLAINED] = basis.explained
    temporary = home.findings / f"writing.{os.getpid()}.tmp"
    with disk(home.findings):
        shutil.rmtree(temporary, ignore_errors=True)
        make_folder(temporary)
        try:
            files = _write_files(temporary, frames)
            folder = home.findings / hashlib.sha256("".join(files.values()).encode()).hexdigest()[:20]
            if not all(unbroken(folder / name, said) for name, said in files.items()):
                shutil.rmtree(folder, ignore_errors=True)
                put_folder(temporary, folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    _write_manifest(home, detection, folder.name, files, basis)
    for other in home.findings.iterdir():
        if other.is_dir() and other != folder:
            remove(other)


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
        tuple(manifest.get("refused", ())),
        {rule: tuple(empty) for rule, empty in manifest.get("unfed", {}).items()},
    )


def open_findings(home: LakeHome) -> tuple[Finding, ...]:
    """All stored findings, rows included, in stored order; none when detection never ran."""
    return findings_from(_read(home, "findings", lambda f: f))


def open_basis(home: LakeHome) -> "Basis | None":
    """What the stored detection was made from; None when it doesn't say so or never ran."""
    manifest = _manifest(home)
    if manifest is None or "basis" not in manifest:
        return None
    from detect.since.basis import basis_from

    return basis_from(manifest["basis"], _scan(home, manifest, _EXPLAINED).collect())


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


def findings_by_rule(home: LakeHome) -> dict[str, int]:
    """Rule -> how many findings are stored, in order of rule; rules without any are left out."""
    frame = _read(home, "findings", lambda f: f.group_by("rule").len().sort("rule"))
    return dict(frame.iter_rows())


def cut_searches(home: LakeHome) -> tuple[str, ...]:
    """The sentences on searches that a limit cut (`Detection.truncated`)."""
    manifest = _manifest(home)
    return () if manifest is None else tuple(manifest["truncated"])


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


def _write_files(folder: Path, frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Every table as Parquet, durable; file name -> seal."""
    files = {}
    for name, frame in frames.items():
        path = folder / f"{name}.parquet"
        durable.step("write", path)
        frame.write_parquet(path, compression="zstd", compression_level=1)
        durable.step("written", path)
        sync_file(path)
        files[path.name] = seal(path)
    return files


def _scan(home: LakeHome, manifest: Mapping[str, Any], name: str) -> pl.LazyFrame:
    path = home.findings / str(manifest["folder"]) / f"{name}.parquet"
    # Results from before there were seals are only looked for.
    said = manifest.get("files", {}).get(path.name)
    if not path.exists() or (said is not None and not unbroken(path, said)):
        raise UnreadableSource(
            f"The stored detection results are missing or damaged on disk; {_REMEDY}.", file=str(path)
        )
    return pl.scan_parquet(path)


def _manifest(home: LakeHome) -> dict[str, Any] | None:
    try:
        return read_sealed(home.findings / MANIFEST)
    except ValueError as error:
        raise UnreadableSource(
            f"The list of detection results is damaged on disk; {_REMEDY}.", file=MANIFEST
        ) from error


def _write_manifest(
    home: LakeHome, detection: Detection, folder: str, files: Mapping[str, str], basis: "Basis | None"
) -> None:
    counts = {
        "findings": len(detection.findings),
        "gangs": len(detection.gangs),
        "mules": len(detection.mules),
    }
    manifest = {
        "format": FORMAT,
        "folder": folder,
        "lake_digest": detection.lake_digest,
        "engine": detection.engine,
        "truncated": list(detection.truncated),
        "refused": list(detection.refused),
        "unfed": {rule: list(empty) for rule, empty in detection.unfed.items()},
        "counts": counts,
        "files": files,
    }
    if basis is not None:
        from detect.since.basis import basis_record

        manifest["basis"] = basis_record(basis)
    write_sealed(home.findings / MANIFEST, manifest)
