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
from graph.schema.catalog import RELATION_TYPES, STORED_NODES, STORED_RELATIONS, node_columns

_log = logging.getLogger(__name__)
# Neo4jAdminCommand, the documented class, only starts a second Java that runs this one.
_ADMIN_CLASS = "org.neo4j.cli.AdminTool"
# A fraction only where there is one: Neo4j reads instants by a regular expression, a tenth of the import.
_INSTANT = "%Y-%m-%dT%H:%M:%S%.fZ"
_WITHIN_S = 3600
_NODE = "_node"
"""A column that no table of the catalog has: its names begin with a letter."""
_ANEW = "run `python -m ingest rebuild` and `python -m graph neo4j sync --rebuild`."


def bulk_import(tables: LakeTables, folder: Path, runtime: Runtime, memory: Memory) -> None:
    """Load every table into the database of the prepared home `folder`, which must hold none yet.

    QueryFailed when the import refuses a row (an end without its node, a key twice); nothing is skipped.
    """
    files = folder / "import"
    try:
        numbers = _numbers(tables)
        arguments = [*_node_files(tables, numbers, files), *_relation_files(tables, numbers, files)]
        if arguments:
            _run_import(arguments, holds_line_breaks(tables), folder, runtime, memory)
    finally:
        shutil.rmtree(files, ignore_errors=True)


def _numbers(tables: LakeTables) -> pl.DataFrame:
    """`_node` (a number), `type` and `key` of every node, numbered through from 0 in table order.

    Numbers spare the import its own map from texts to nodes: sorting, a search an end, a check of doubles.
    """
    present = [name for name in STORED_NODES if tables.rows.get(name)]
    keys = [tables.scan(name).select(pl.lit(name).alias("type"), "key") for name in present]
    if not keys:
        return pl.DataFrame(schema={_NODE: pl.UInt32(), "type": pl.String(), "key": pl.String()})
    nodes = pl.concat(keys).collect()
    if nodes.n_unique() != nodes.height:
        raise QueryFailed(f"Two nodes of one type have the same key; {_ANEW}")
    return nodes.with_row_index(_NODE)


def _node_files(tables: LakeTables, numbers: pl.DataFrame, files: Path) -> Iterator[str]:
    for (name,), of_type in numbers.group_by("type", maintain_order=True):
        # Joined by key: two readings of a table need not give its rows in one order.
        numbered = of_type.lazy().select(_NODE, "key")
        rows = tables.scan(str(name)).join(numbered, on="key", how="left", maintain_order="left")
        columns = [_NODE, *node_columns(str(name))]
        yield f"--nodes={name}={_write(files / str(name), node_header(str(name)), rows.select(columns))}"


def _relation_files(tables: LakeTables, numbers: pl.DataFrame, files: Path) -> Iterator[str]:
    for name in STORED_RELATIONS:
        if not tables.rows.get(name):
            continue
        rows = tables.scan(name) if RELATION_TYPES[name].event else _identified(name, tables)
        own = [c for c in rows.collect_schema().names() if c not in (*ENDS, EDGE_KEY)]
        last = [] if RELATION_TYPES[name].event else [EDGE_KEY]
        for end in ("from", "to"):
            # An end without its node gets a null, which the import refuses.
            numbered = numbers.lazy().rename({_NODE: f"_{end}"})
            pair = [f"{end}_type", f"{end}_key"]
            rows = rows.join(
                numbered, left_on=pair, right_on=["type", "key"], how="left", maintain_order="left"
            )
        written = _write(files / name, relation_header(name), rows.select("_from", "_to", *own, *last))
        yield f"--relationships={name}={written}"


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
        "--id-type=actual",
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
            f"The bulk import into Neo4j failed; read {folder / 'logs' / 'import.log'}, then {_ANEW}",
            exit_code=done.returncode,
        )
