"""Fills a fresh Neo4j home from the lake's tables by the admin import, much faster than transactions."""

import csv
import logging
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import polars.selectors as cs

from graph.engines.neo4j_gds.home import Memory
from graph.engines.neo4j_gds.install import Runtime
from graph.engines.neo4j_gds.layout import EDGE_KEY, ENDS, node_header, relation_header, with_identity
from graph.engines.neo4j_gds.process import java_command, java_environment
from graph.errors import QueryFailed
from graph.lake.tables import LakeTables
from graph.schema.catalog import RELATION_TYPES, STORED_NODES, STORED_RELATIONS

_log = logging.getLogger(__name__)
# Neo4jAdminCommand, the documented class, only starts a second Java that runs this one.
_ADMIN_CLASS = "org.neo4j.cli.AdminTool"
_INSTANT = "%Y-%m-%dT%H:%M:%S%.6fZ"
_WITHIN_S = 3600


def bulk_import(tables: LakeTables, folder: Path, runtime: Runtime, memory: Memory) -> None:
    """Load every table into the database of the prepared home `folder`, which must hold none yet.

    QueryFailed when the import refuses a row (an end without its node, a key twice); nothing is skipped.
    """
    files = folder / "import"
    try:
        arguments = [*_node_files(tables, files), *_relation_files(tables, files)]
        if arguments:
            _run_import(arguments, holds_line_breaks(tables), folder, runtime, memory)
    finally:
        shutil.rmtree(files, ignore_errors=True)


def _node_files(tables: LakeTables, files: Path) -> Iterator[str]:
    for name in STORED_NODES:
        if tables.rows.get(name):
            yield f"--nodes={name}={_write(files / name, node_header(name), tables.scan(name))}"


def _relation_files(tables: LakeTables, files: Path) -> Iterator[str]:
    """One file a (from type, to type) pair that has rows: an import header names both."""
    for name in STORED_RELATIONS:
        if not tables.rows.get(name):
            continue
        rows = tables.scan(name) if RELATION_TYPES[name].event else _identified(name, tables)
        own = [c for c in rows.collect_schema().names() if c not in (*ENDS, EDGE_KEY)]
        last = [] if RELATION_TYPES[name].event else [EDGE_KEY]
        pairs = rows.select("from_type", "to_type").unique().collect().sort("from_type", "to_type").rows()
        for start, end in pairs:
            of_pair = (pl.col("from_type") == start) & (pl.col("to_type") == end)
            part = rows.filter(of_pair).select("from_key", "to_key", *own, *last)
            place = files / f"{name}-{start}-{end}"
            yield f"--relationships={name}={_write(place, relation_header(name, start, end), part)}"


def _identified(name: str, tables: LakeTables) -> pl.LazyFrame:
    return with_identity(name, tables.frame(name)).lazy()


def _write(place: Path, header: list[str], rows: pl.LazyFrame) -> str:
    """Header file and data file; nulls are bare blanks, an empty text is quoted, so the import tells them."""
    head, data = place.with_suffix(".header.csv"), place.with_suffix(".csv")
    with head.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerow(header)
    rows.sink_csv(
        data, include_header=False, datetime_format=_INSTANT, null_value="", quote_style="necessary"
    )
    # Plain names, found from the working folder: the import reads a path as a regular expression.
    return f"{head.name},{data.name}"


def holds_line_breaks(tables: LakeTables) -> bool:
    """Whether a value has a line break in it: then the import must read line by line, in one thread."""
    for name in (*STORED_NODES, *STORED_RELATIONS):
        if tables.rows.get(name):
            texts = pl.any_horizontal(cs.string().str.contains(r"[\r\n]").any())
            if tables.scan(name).select(texts).collect().item():
                return True
    return False


def _run_import(arguments: list[str], broken: bool, folder: Path, runtime: Runtime, memory: Memory) -> None:
    listed = folder / "import" / "arguments"
    options = [
        "neo4j",
        "--overwrite-destination",
        "--id-type=string",
        "--bad-tolerance=0",
        # Without this a thread flushes all files over and over while the import runs.
        "--high-parallel-io=on",
        f"--multiline-fields={str(broken).lower()}",
        f"--report-file={folder / 'logs' / 'import.report'}",
        f"--max-off-heap-memory={memory.page_cache + memory.heap}m",
        *arguments,
    ]
    listed.write_text("".join(f'"{option}"\n' for option in options), encoding="utf-8")
    command = java_command(runtime, memory.heap, _ADMIN_CLASS, "database", "import", "full", "@arguments")
    done = subprocess.run(
        command,
        cwd=folder / "import",
        env=java_environment({"NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_WITHIN_S,
        check=False,
    )
    (folder / "logs" / "import.log").write_bytes(done.stdout + done.stderr)
    if done.returncode:
        _log.warning("the bulk import ended with %d", done.returncode)
        raise QueryFailed(
            f"The bulk import into Neo4j failed; read {folder / 'logs' / 'import.log'}, then run "
            "`python -m ingest rebuild` and `python -m graph neo4j sync --rebuild`.",
            exit_code=done.returncode,
        )
