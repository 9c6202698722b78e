"""Loads source files: original kept, rows into batches, rejects to quarantine, all in the ledger."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from graph.errors import DuanlianError, InputError
from graph.lake.home import LakeHome
from ingest.archives import ARCHIVE_SUFFIX, Inner, is_archive, is_table, suffix, unpack
from ingest.batch import adopt_batch, intact, write_batch
from ingest.guard.delivery import DeliveredRows, Delivery
from ingest.guard.parser import GuardedParser
from ingest.ledger import LOADED, QUARANTINED, ArchiveRecord, BatchRecord, FileRecord, Ledger
from ingest.limits import DEFAULT_LIMITS, Limits
from ingest.mapped import SheetRecord
from ingest.overlay import layouts_in
from ingest.quarantine import write_rejects
from ingest.readers.grid import refuse
from ingest.readers.original import Original, clear_intake, intake_folder, keep_original, take_original
from ingest.reasons import Reason
from ingest.repeats import Repeats
from ingest.room import Room
from ingest.rows import REJECT_SCHEMA, content_fields, row_keys
from ingest.template import template, template_body
from ingest.vault import Vault
from ingest.writer import one_writer

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
    messages_zh: dict[str, str] = field(default_factory=dict)
    """The same in Chinese."""

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
    parser: GuardedParser | None = None,
) -> LoadResult:
    """Load each file by itself; one that can't be read is quarantined with a reason and the others go on.

    Files are parsed in a guarded child, the next one while this process makes the one before durable.
    progress: called when what a file says is in force. The canonical tables are not touched: `settle` does
    that. parser: one to use and leave running, by default one that ends with the load. InputError when
    another load is running, EngineUnavailable when no child can be started, StorageFailed when the disk is
    full or failing: what was acknowledged until then stays in force.
    """
    chosen, result = options or LoadOptions(), LoadResult()
    with one_writer(home) as ledger, ExitStack() as opened:
        clear_intake(home)
        if parser is None:
            parser = opened.enter_context(GuardedParser(intake_folder(home) / "guard", chosen.limits))
        loader = _Loader(home, ledger, chosen, result, parser)
        opened.callback(parser.forget)
        for path in files:
            loader.load(path, progress or _nobody)
        loader.finish()
    return result


def _nobody(path: Path) -> None:
    """Nobody asked how far it is."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A file that the child is parsing; `done` is to be called when it is in force."""

    record: FileRecord
    original: Original
    done: Callable[[], None]


class _Loader:
    """Loads files one after the other, remembering the row keys in force by template."""

    def __init__(
        self, home: LakeHome, ledger: Ledger, options: LoadOptions, result: LoadResult, parser: GuardedParser
    ) -> None:
        self._home, self._ledger, self._options, self._result = home, ledger, options, result
        self._parser = parser
        self._waiting: _Waiting | None = None
        self._repeats = Repeats(home)
        self._room = Room(home, ledger.batches())
        self._layouts = layouts_in(home)

    def load(self, path: Path, progress: Callable[[Path], None]) -> None:
        """Load one file; never raises for what the file holds. `finish` brings the last one into force."""
        self._room.check(path)
        try:
            original = take_original(path, self._home, self._options.limits)
        except InputError as error:
            self.finish()
            handle = hashlib.sha256(str(path).encode()).hexdigest()
            self._quarantine(FileRecord(path.name, handle), error, None)
            progress(path)
            return
        if is_archive(original):
            self.finish()
            self._load_archive(original)
            progress(path)
        else:
            self._load_original(original, lambda: progress(path))

    def finish(self) -> None:
        """Bring the file that is being parsed into force."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._settle_account(waiting, self._collect())

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
            self._load_original(inner.original, lambda: None)
            self.finish()
        elif inner.error is not None:
            self._quarantine(FileRecord(inner.name, inner.handle), inner.error, None)
        record = self._result.records[-1]
        return record.file, record.sha256

    def _load_original(self, original: Original, done: Callable[[], None]) -> None:
        """Give the child this file and bring the one before it into force meanwhile."""
        before, self._waiting = self._waiting, None
        parsed = self._collect() if before is not None else None
        if before is not None and before.original.sha256 == original.sha256:
            self._settle_account(before, parsed)  # what it says decides whether this one is known
            before = None
        known = self._ledger.file(original.sha256)
        if known is not None and known.file.endswith(f"/{original.name}"):
            original = replace(original, name=known.file)  # it came in an archive first
        fresh = known is None or known.state != LOADED or not self._intact(original.sha256)
        if fresh:
            self._parser.submit(
                original.copy, original.name, self._options.template, self._options.limits, self._layouts
            )
        if before is not None:
            self._settle_account(before, parsed)
        if known is not None and not fresh:
            original.copy.unlink(missing_ok=True)
            again = replace(known, loaded=0, duplicates=known.rows_in - known.rejected, state=ALREADY)
            self._result.records.append(again)
            done()
            return
        record = FileRecord(original.name, original.sha256, size=original.size, case_no=self._options.case_no)
        self._waiting = _Waiting(record, original, done)

    def _intact(self, sha256: str) -> bool:
        """Whether a loaded file's batches are what was written; loading it again mends them."""
        return all(intact(self._home, b) for b in self._ledger.batches() if b.sha256 == sha256)

    def _collect(self) -> Delivery | InputError:
        try:
            return self._parser.collect()
        except InputError as error:
            return error

    def _settle_account(self, waiting: _Waiting, parsed: Delivery | InputError | None) -> None:
        """Put in force what the child made of a file."""
        if isinstance(parsed, Delivery):
            self._keep(waiting.record, waiting.original, parsed)
            parsed.discard()
        elif parsed is not None:
            self._quarantine(waiting.record, parsed, waiting.original)
        waiting.done()

    def _keep(self, record: FileRecord, original: Original, parsed: Delivery) -> None:
        """Batches, quarantine lines, original, then the ledger: nothing counts before the last step."""
        batches: list[BatchRecord] = []
        duplicates = 0
        for rows in parsed.frames:
            batch, keys = self._store(rows, original)
            batches.append(batch)
            duplicates += self._repeats.count(rows.template, keys, self._others(original.sha256))
        secret = parsed.names_informant or any(template(b.template).has_vault for b in batches)
        shown = _vaulted_name(original) if secret else record.file
        write_rejects(self._home, original.sha256, shown, parsed.reject_pieces())
        if secret:
            self._lock_away(original)
        else:
            keep_original(original, self._home)
        done = replace(
            record,
            file=shown,
            template="+".join(batch.template for batch in batches),
            rows_in=parsed.rows_in,
            loaded=sum(batch.rows for batch in batches) - duplicates,
            duplicates=duplicates,
            rejected=sum(parsed.rejected.values()),
            layout_rows=parsed.layout_rows,
            flags=tuple(sorted(parsed.flags)),
        )
        self._ledger.commit(done, batches, parsed.rejected, [self._with_body(s) for s in parsed.sheets])
        self._result.records.append(done)
        logger.info("loaded file %s: %d rows", original.sha256[:12], done.loaded)

    def _with_body(self, sheet: SheetRecord) -> SheetRecord:
        """The sheet with its template's text, where the ledger does not know that text yet."""
        if self._ledger.layout_body(sheet.content) is not None:
            return sheet
        return replace(sheet, body=template_body(self._layouts.named(sheet.layout)))

    def _store(self, rows: DeliveredRows, original: Original) -> tuple[BatchRecord, pl.Series]:
        """Make rows durable as a batch; tip numbers are hidden here, the child never has the vault's key."""
        if not template(rows.template).has_vault:
            keys = pl.read_parquet(rows.path, columns=["row_key"]).to_series()
            return adopt_batch(self._home, rows.template, original.sha256, rows.path, rows.rows), keys
        frame = self._without_tip_numbers(pl.read_parquet(rows.path))
        return write_batch(self._home, rows.template, original.sha256, frame), frame["row_key"]

    def _lock_away(self, original: Original) -> None:
        """Into the vault; a copy in the open store, from before its columns were known, goes."""
        Vault(self._home).lock_away(original)
        (self._home.originals / original.sha256).unlink(missing_ok=True)

    def _without_tip_numbers(self, frame: pl.DataFrame) -> pl.DataFrame:
        vault = Vault(self._home)
        ids = [vault.tip_id(number) for number in frame["tip_no"].to_list()]
        hidden = frame.with_columns(tip_no=pl.Series(ids, dtype=pl.String))
        return hidden.with_columns(row_key=row_keys(hidden, content_fields(hidden.columns)))

    def _others(self, sha256: str) -> list[BatchRecord]:
        """The batches in force of all other files."""
        return [batch for batch in self._ledger.batches() if batch.sha256 != sha256]

    def _quarantine(self, record: FileRecord, error: DuanlianError, original: Original | None) -> None:
        """Keep a file that must wait, with its reason; in the vault if it was seen to name an informant."""
        code = Reason(str(error.facts.get("code", Reason.UNKNOWN_FORMAT.value)))
        secret = original is not None and error.facts.get("informant") is True
        shown = _vaulted_name(original) if secret and original is not None else record.file
        line = pl.DataFrame([("", 0, "", code.value, "")], schema=REJECT_SCHEMA, orient="row")
        write_rejects(self._home, record.sha256, shown, [line])
        if original is not None and secret:
            self._lock_away(original)
        elif original is not None:
            keep_original(original, self._home)
        done = replace(record, file=shown, state=QUARANTINED, code=code.value)
        self._ledger.commit(done, [], {})
        self._result.records.append(done)
        self._result.messages[done.sha256] = error.message.replace(record.file, shown)
        self._result.messages_zh[done.sha256] = f"{shown}：{error.facts.get('zh') or code.zh}"
        logger.info("quarantined file %s: %s", record.sha256[:12], code.value)


def _vaulted_name(original: Original) -> str:
    """A tip-off's file name may name its informant, so only its handle is kept."""
    return f"vault:{original.sha256[:12]}"
