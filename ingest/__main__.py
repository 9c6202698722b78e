"""Command line of ingest: load files and folders, show what is loaded, unload, rebuild, ask the doctor."""

import argparse
import getpass
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from graph.errors import DuanlianError
from graph.lake.home import LakeHome, lake_home
from graph.lake.spill import spill_into
from ingest.doctor import examine
from ingest.ledger import LOADED, FileRecord, Ledger, full_sha
from ingest.load import LoadOptions, find_files, load_files
from ingest.mapping.command import MapOptions, run_map
from ingest.overlay import layouts_in
from ingest.rejected import entries, write_rejected
from ingest.report import (
    print_doctor,
    print_load,
    print_rejects,
    print_status,
    print_tables,
    print_written,
    progress_bar,
)
from ingest.settle import settle
from ingest.settled import is_settled
from ingest.unload import unload

_EXAMPLES = """examples:
  python -m ingest data/                      load every table below a folder
  python -m ingest sheet.xlsx --case A4301    load one file for a case
  python -m ingest status --json              row account of each file
  python -m ingest doctor                     grades, gaps, mirror rows, shared identifiers
  python -m ingest unload 3f2a91              take a file or archive out again (start of its sha256)
  python -m ingest rejects                    what waits: file, row, column, reason, way to mend it
  python -m ingest rejects 3f2a91 --out fix.csv   a file's rejected rows, to correct and load again
  python -m ingest map odd.csv                propose what an unknown layout's columns mean
  python -m ingest map odd.csv --set 卡1=own_card --save odd_bank     correct it and keep it
  python -m ingest rebuild                    make the lake's tables anew from all batches
  python -m ingest resolve                    records that may be one and the same (resolve --help)
  python -m ingest judge KEY_A KEY_B same --by NAME --reason TEXT     a person's decision (judge --help)

exit code: 0 fine, 1 something was refused or needs a look, 2 wrong usage"""
_WORDS = ("status", "doctor", "unload", "rebuild", "map", "rejects")
_RESOLUTION = ("resolve", "judge")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in _RESOLUTION:
        return _resolution(words)
    options = _parser().parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    home = lake_home(options.lake)
    spill_into(home)
    try:
        word = options.what[0]
        if word not in _WORDS:
            return _load(home, [Path(text) for text in options.what], options)
        if word == "unload":
            return _unload(home, options.what[1:], options.json)
        if word == "map":
            return _map(home, options)
        if word == "rejects":
            return _rejects(home, options)
        if len(options.what) > 1:
            return _usage(f"{word} takes no further words; to load a file of that name write ./{word}.")
        if word == "status":
            return _status(home, options.json)
        if word == "doctor":
            return print_doctor(examine(home), options.json, options.show_keys)
        return print_tables(settle(home, anew=True), options.json)
    except DuanlianError as error:
        print(error.message, file=sys.stderr)
        return 1


def _resolution(words: Sequence[str]) -> int:
    from ingest.resolve.commands import run  # every other command starts without it

    try:
        return run(words)
    except DuanlianError as error:
        print(error.message, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Load files into the lake, or: status, doctor, unload SHA, rebuild, resolve, judge.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what", nargs="+", metavar="PATH", help="files and folders, or one of the words above"
    )
    parser.add_argument("--lake", type=Path, help="home of the lake (default: DUANLIAN_HOME, else ./var)")
    parser.add_argument("--template", help="use this template whatever the header says")
    parser.add_argument("--case", default="", metavar="NO", help="case number noted with the files")
    parser.add_argument("--sheet", help="map: this sheet of a workbook")
    parser.add_argument("--save", metavar="NAME", help="map: keep the mapping as a template of this name")
    parser.add_argument(
        "--set", action="append", default=[], metavar="COLUMN=FIELD", help="map: say what a column is"
    )
    parser.add_argument("--by", metavar="NAME", help="map --save: who says yes (default: the login name)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="rejects: write the rows to correct here")
    parser.add_argument("--json", action="store_true", help="print machine-readable results")
    parser.add_argument(
        "--show-keys", action="store_true", help="show values unmasked (doctor, map, rejects)"
    )
    return parser


def _load(home: LakeHome, paths: Sequence[Path], options: argparse.Namespace) -> int:
    if options.template is not None:
        layouts_in(home).named(options.template)
    missing = [path for path in paths if not path.exists()]
    if missing:
        return _usage(f"There is no file or folder {missing[0].name}; check the path.")
    files = find_files(paths)
    if not files:
        return _usage("No CSV, XLSX, XLS or ZIP file lies below that folder; name the files.")
    choice = LoadOptions(options.template, options.case)
    with progress_bar(len(files), quiet=options.json) as advance:
        result = load_files(home, files, choice, advance)
    # A run that was interrupted before its end left files in force that the tables do not hold yet.
    settled = settle(home) if result.changed or not is_settled(home) else None
    return print_load(result, settled, options.json)


def _map(home: LakeHome, options: argparse.Namespace) -> int:
    if len(options.what) != 2:
        return _usage("map needs one file; name it after the word.")
    said = MapOptions(
        options.template,
        options.sheet,
        options.save,
        tuple(options.set),
        options.json,
        options.show_keys,
        options.by or getpass.getuser(),
    )
    return run_map(home, Path(options.what[1]), said, datetime.now(UTC))


def _rejects(home: LakeHome, options: argparse.Namespace) -> int:
    starts = options.what[1:]
    if len(starts) > 1 or (options.out is not None and not starts):
        return _usage("rejects takes one sha256 or its first characters; `status` lists them.")
    sha256 = None
    if starts:
        matching = full_sha(_files(home), starts[0].lower())
        if len(matching) != 1:
            count = "no" if not matching else "more than one"
            return _usage(f"The lake has {count} file whose sha256 begins so; `status` lists them.")
        sha256 = matching[0]
    if sha256 is not None and options.out is not None:
        return print_written(write_rejected(home, sha256, options.out), options.json)
    return print_rejects(entries(home, sha256, full=options.show_keys), options.json)


def _unload(home: LakeHome, words: Sequence[str], as_json: bool) -> int:
    if len(words) != 1:
        return _usage("unload needs one sha256 or its first characters; `status` lists them.")
    start = words[0].lower()
    matching = full_sha(_files(home), start)
    inside = None if matching else _loaded_from_archive(home, start)
    # None of an archive is left in force after a run that was cut off between the last file and settling.
    if inside or (inside is not None and not is_settled(home)):
        for sha256 in inside:
            unload(home, sha256)
        return print_tables(settle(home), as_json)
    if len(matching) != 1:
        count = "no" if not matching else "more than one"
        return _usage(f"The lake has {count} file whose sha256 begins so; `status` lists them.")
    unload(home, matching[0])
    return print_tables(settle(home), as_json)


def _loaded_from_archive(home: LakeHome, start: str) -> list[str] | None:
    """The loaded files that came in the one archive whose sha256 begins so; None without such an archive."""
    ledger = Ledger(home)
    try:
        archives = [archive for archive in ledger.archives() if start and archive.sha256.startswith(start)]
        loaded = {record.sha256 for record in ledger.files() if record.state == LOADED}
    finally:
        ledger.close()
    if len(archives) != 1:
        return None
    return [sha256 for _, sha256 in archives[0].inner if sha256 in loaded]


def _status(home: LakeHome, as_json: bool) -> int:
    ledger = Ledger(home)
    try:
        records = ledger.files()
        sheets = {record.sha256: ledger.sheets(record.sha256) for record in records}
    finally:
        ledger.close()
    return print_status(records, sheets, as_json)


def _files(home: LakeHome) -> list[FileRecord]:
    ledger = Ledger(home)
    try:
        return ledger.files()
    finally:
        ledger.close()


def _usage(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
