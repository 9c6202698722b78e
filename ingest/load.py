"""Loads source files: original kept, rows into batches, rejects to quarantine, all in the ledger."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from graph.errors import DuanlianError, InputError
from graph.lake.home import LakeHome
from ingest.archives import ARCHIVE_SUFFIX, Inner, is_archive, is_table, suffix, unpack
from ingest.batch import read_keys, remove_orphans, write_batch
from ingest.ledger import LOADED, QUARANTINED, ArchiveRecord, BatchRecord, FileRecord, Ledger
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.lock import writing
from ingest.overlay import layouts_in
from ingest.parse import Parsed, holds_informant, parse_file
from ingest.quarantine import write_rejects
from ingest.readers.grid import refuse
from ingest.readers.original import Original, clear_intake, keep_original, take_original
from ingest.reasons import Reason
from ingest.rows import REJECT_SCHEMA, row_keys
from ingest.template import template
from ingest.vault import Vault

logger = logging.getLogger(__name__)
ALREADY = "already loaded"


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """What the caller says about all files of one load."""

    template: str | None = None
    case_no: str = ""
    limits: Limits = DEFAULT_LIMITS


@dataclass(slots=True)
class LoadResult:
    """What became of each file, and whether the lake's batches changed."""

    records: list[FileRecord] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)
    """Sentence of each quarantined file, by sha256."""

    @property
    def changed(self) -> bool:
        """Whether at least one batch came into force."""
        return any(record.state == LOADED for record in self.records)

    @property
    def clean(self) -> bool:
        """Whether nothing was refused: no file and no row."""
        return not any(record.state == QUARANTINED or record.rejected for record in self.records)


def find_files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and the tables below the folders named, in a fixed order.

    In folders only tables and zip archives by their suffix count; hidden files, README texts and `truth`
    folders (the ground truth of a simulation is no evidence) are left out. A path that does not exist is
    kept: loading says so.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        for inner in sorted(path.rglob("*")):
            parts = inner.relative_to(path).parts
            # An archive is judged like a table of its name: hidden ones and those of the truth stay out.
            judged = (*parts[:-1], f"{inner.stem}.csv") if suffix(inner.name) == ARCHIVE_SUFFIX else parts
            if is_table(judged) and inner.is_file():
                found.append(inner)
    return list(dict.fromkeys(found))


def load_files(
    home: LakeHome,
    files: Sequence[Path],
    options: LoadOptions | None = None,
    progress: Callable[[Path], None] | None = None,
) -> LoadResult:
    """Load each file by itself; one that can't be read is quarantined with a reason and the others go on.

    progress: called after each file. The canonical tables are not touched: `settle` does that.
    EngineUnavailable when another load is running.
    """
    result = LoadResult()
    with writing(home):
        ledger = Ledger(home)
        try:
            clear_intake(home)
            remove_orphans(home, ledger.batches())
            loader = _Loader(home, ledger, options or LoadOptions(), result)
            for path in files:
                loader.load(path)
                if progress is not None:
                    progress(path)
        finally:
            ledger.close()
    return result


class _Loader:
    """Loads files one after the other, remembering the row keys in force by template."""

    def __init__(self, home: LakeHome, ledger: Ledger, options: LoadOptions, result: LoadResult) -> None:
        self._home, self._ledger, self._options, self._result = home, ledger, options, result
        self._keys: dict[str, pl.Series] = {}
        self._layouts = layouts_in(home)

    def load(self, path: Path) -> None:
        """Load one file; never raises for what the file holds."""
        try:
            original = take_original(path, self._home, self._options.limits)
        except InputError as error:
            handle = hashlib.sha256(str(path).encode()).hexdigest()
            self._quarantine(FileRecord(path.name, handle), error, None)
            return
        if is_archive(original):
            self._load_archive(original)
        else:
            self._load_original(original)

    def _load_archive(self, original: Original) -> None:
        """Load each table of a zip archive as a file of its own; the archive's sha256 stays on record."""
        try:
            unpacked = unpack(original, self._home, self._options.limits)
        except InputError as error:
            # It may hold tip-offs that nobody can look for, so its bytes are not kept.
            self._quarantine(FileRecord(original.name, original.sha256, size=original.size), error, None)
            return
        finally:
            original.copy.unlink(missing_ok=True)
        kept = [self._load_inner(inner) for inner in unpacked.inner]
        if not kept:
            empty = refuse(Reason.UNKNOWN_FORMAT, original.name, "a zip archive without a table")
            self._quarantine(FileRecord(original.name, original.sha256, size=original.size), empty, None)
            return
        archive = ArchiveRecord(original.sha256, original.name, original.size, tuple(kept), unpacked.left_out)
        self._ledger.commit_archive(archive)

    def _load_inner(self, inner: Inner) -> tuple[str, str]:
        """Load one table of an archive; the name it has on record, and its sha256."""
        if inner.original is not None:
            self._load_original(inner.original)
        elif inner.error is not None:
            self._quarantine(FileRecord(inner.name, inner.handle), inner.error, None)
        record = self._result.records[-1]
        return record.file, record.sha256

    def _load_original(self, original: Original) -> None:
        known = self._ledger.file(original.sha256)
        if known is not None and known.state == LOADED:
            original.copy.unlink(missing_ok=True)
            again = replace(known, loaded=0, duplicates=known.rows_in - known.rejected, state=ALREADY)
            self._result.records.append(again)
            return
        record = FileRecord(original.name, original.sha256, size=original.size, case_no=self._options.case_no)
        data = original.copy.read_bytes()
        try:
            parsed = parse_file(
                data, original.name, self._options.template, self._options.limits, self._layouts
            )
        except InputError as error:
            self._quarantine(record, error, original, data)
        except Exception as error:  # a bad file must never stop the run, whatever it does to a parser
            logger.exception("parser failed on file %s", original.sha256[:12])
            reason = Reason.PARSER_KILLED
            failure = InputError(f"{original.name}: {reason.en}", code=reason.value, zh=reason.zh)
            failure.__cause__ = error
            self._quarantine(record, failure, original, data)
        else:
            self._keep(record, original, parsed)

    def _keep(self, record: FileRecord, original: Original, parsed: Parsed) -> None:
        """Batches, quarantine lines, original, then the ledger: nothing counts before the last step."""
        batches: list[BatchRecord] = []
        duplicates = kept = 0
        names = parsed.templates()
        secret = parsed.names_informant or any(template(name).has_vault for name in names)
        for name in names:
            frame = pl.concat(parsed.frames[name])
            if template(name).has_vault:
                frame = self._without_tip_numbers(frame)
            repeated = self._repeats(name, frame["row_key"])
            duplicates, kept = duplicates + repeated, kept + frame.height
            batches.append(write_batch(self._home, name, original.sha256, frame))
        rejects = pl.concat(parsed.rejects)
        shown = _vaulted_name(original) if secret else record.file
        write_rejects(self._home, original.sha256, shown, rejects)
        if secret:
            Vault(self._home).lock_away(original)
        else:
            keep_original(original, self._home)
        done = replace(
            record,
            file=shown,
            template="+".join(names),
            rows_in=parsed.rows_in,
            loaded=kept - duplicates,
            duplicates=duplicates,
            rejected=rejects.height,
            layout_rows=parsed.layout_rows,
            flags=tuple(sorted(parsed.flags)),
        )
        counts = dict(rejects["code"].value_counts().iter_rows())
        self._ledger.commit(done, batches, counts, parsed.sheets)
        self._result.records.append(done)
        logger.info("loaded file %s: %d rows", original.sha256[:12], done.loaded)

    def _without_tip_numbers(self, frame: pl.DataFrame) -> pl.DataFrame:
        vault = Vault(self._home)
        ids = [vault.tip_id(number) for number in frame["tip_no"].to_list()]
        hidden = frame.with_columns(tip_no=pl.Series(ids, dtype=pl.String))
        fields = [c for c in hidden.columns if c not in ("sheet", "line", "row", "row_key", "flags")]
        return hidden.with_columns(row_key=row_keys(hidden, fields))

    def _repeats(self, name: str, keys: pl.Series) -> int:
        """Rows equal to one before them in the file or in a batch in force."""
        if name not in self._keys:
            self._keys[name] = read_keys(self._home, self._ledger.batches(), name)
        known = self._keys[name]
        fresh = keys.filter(~keys.is_in(known.implode()) & keys.is_first_distinct())
        self._keys[name] = known.append(fresh)
        return len(keys) - len(fresh)

    def _quarantine(
        self, record: FileRecord, error: DuanlianError, original: Original | None, data: bytes = b""
    ) -> None:
        code = Reason(str(error.facts.get("code", Reason.UNKNOWN_FORMAT.value)))
        secret = original is not None and holds_informant(
            data, original.name, self._options.limits, self._layouts
        )
        shown = _vaulted_name(original) if secret and original is not None else record.file
        line = pl.DataFrame([("", 0, "", code.value, "")], schema=REJECT_SCHEMA, orient="row")
        write_rejects(self._home, record.sha256, shown, line)
        if original is not None and secret:
            Vault(self._home).lock_away(original)
        elif original is not None:
            keep_original(original, self._home)
        done = replace(record, file=shown, state=QUARANTINED, code=code.value)
        self._ledger.commit(done, [], {})
        self._result.records.append(done)
        self._result.messages[done.sha256] = error.message.replace(record.file, shown)
        logger.info("quarantined file %s: %s", record.sha256[:12], code.value)


def _vaulted_name(original: Original) -> str:
    """A tip-off's file name may name its informant, so only its handle is kept."""
    return f"vault:{original.sha256[:12]}"
