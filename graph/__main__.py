"""Command line of the graph: `python -m graph neo4j|digest|stats|query`."""

import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from graph import projection
from graph.connect import open_engine
from graph.errors import DuanlianError, InputError
from graph.lake.home import lake_home
from graph.lake.spill import spill_into
from graph.queries import run_query_file
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The graph: its engines, digest and queries."
)
neo4j = typer.Typer(
    no_args_is_help=True, help="The local Neo4j, a projection of the lake that may be deleted."
)
app.add_typer(neo4j, name="neo4j")

Lake = Annotated[Path | None, typer.Option(help="folder of the lake; default DUANLIAN_HOME, else ./var")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON value")]
EngineUrl = Annotated[str, typer.Option(help="embedded:, neo4j:local or neo4j://host:port")]

console = Console(stderr=True)


@neo4j.command("install")
def neo4j_install(as_json: AsJson = False) -> None:
    """Fetch the Java runtime's and Neo4j's pinned jars into .cache (about 145 MB, once).

    Example: python -m graph neo4j install
    """
    with console.status("fetching Neo4j"):
        jars = projection.install()
    _say({"jars": jars}, as_json, f"Neo4j is installed: {jars} jars, every sha256 checked.")


@neo4j.command("start")
def neo4j_start(lake: Lake = None, as_json: AsJson = False) -> None:
    """Start the local server on free loopback ports; nothing happens when it is running.

    Example: python -m graph neo4j start && python -m graph neo4j sync
    """
    with console.status("starting Neo4j"):
        facts = projection.start(lake_home(lake))
    _say(facts, as_json, f"Neo4j is running at {facts['uri']}.")


@neo4j.command("stop")
def neo4j_stop(lake: Lake = None, as_json: AsJson = False) -> None:
    """Stop the local server."""
    stopped = projection.stop(lake_home(lake))
    _say({"stopped": stopped}, as_json, "Neo4j is stopped." if stopped else "Neo4j was not running.")


@neo4j.command("status")
def neo4j_status(lake: Lake = None, as_json: AsJson = False) -> None:
    """Say whether the local server runs and where; exit code 1 when it does not."""
    facts = projection.status(lake_home(lake))
    _say(facts, as_json, "\n".join(f"{name}: {value}" for name, value in facts.items()))
    if facts.get("state") != "running":
        raise typer.Exit(1)


@neo4j.command("sync")
def neo4j_sync(
    lake: Lake = None,
    url: EngineUrl = "neo4j:local",
    rebuild: Annotated[bool, typer.Option(help="import everything anew into a fresh home")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring Neo4j to the lake's state: bulk import when it is empty, batches otherwise.

    Exit code 1 when the digests differ afterwards. Example: python -m graph neo4j sync
    """
    home = lake_home(lake)
    spill_into(home)
    with console.status("syncing Neo4j"):
        facts = projection.sync(url, home, rebuild=rebuild)
    _say(facts, as_json, "\n".join(f"{name}: {value}" for name, value in facts.items()))
    if not facts["equal"]:
        raise typer.Exit(1)


@app.command()
def digest(lake: Lake = None, engine: EngineUrl = "embedded:", as_json: AsJson = False) -> None:
    """Print the order-free digest of what an engine holds; equal digests mean equal graphs.

    Example: python -m graph digest --engine neo4j:local
    """
    with open_engine(engine, lake_home(lake)) as opened:
        found = opened.digest()
    facts = {"engine": opened.name, "digest": found.digest, "counts": found.counts}
    _say(facts, as_json, f"{found.digest}  {opened.name}, {sum(found.counts.values()):,} elements")


@app.command()
def stats(lake: Lake = None, engine: EngineUrl = "embedded:", as_json: AsJson = False) -> None:
    """Count nodes, relationships and events by type."""
    with open_engine(engine, lake_home(lake)) as opened:
        counts = opened.counts()
    groups = {
        "nodes": {n: c for n, c in counts.items() if n in NODE_TYPES},
        "relationships": {
            n: c for n, c in counts.items() if n in RELATION_TYPES and not RELATION_TYPES[n].event
        },
        "events": {n: c for n, c in counts.items() if n in RELATION_TYPES and RELATION_TYPES[n].event},
    }
    lines = [f"{group}: {sum(by.values()):,}\n" + "".join(f"  {n} {c:,}\n" for n, c in by.items())
             for group, by in groups.items()]  # fmt: skip
    _say(groups, as_json, "".join(lines).rstrip())


@app.command()
def query(
    file: Annotated[Path, typer.Argument(help="a query file of queries/explore/")],
    param: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, as often as needed")] = None,
    lake: Lake = None,
    engine: EngineUrl = "neo4j:local",
    limit: Annotated[int, typer.Option(help="most rows")] = 10_000,
    show_keys: Annotated[bool, typer.Option("--show-keys", help="whole keys instead of masked ones")] = False,
    as_json: AsJson = False,
) -> None:
    """Run one read-only Cypher query of the library on Neo4j; keys are masked.

    Example: python -m graph query queries/explore/shared_victim_payees.yml --param min_victims=2
    """
    if not file.is_file():
        raise InputError(f"There is no file {file.name}; look into queries/ for the library.", file=str(file))
    with open_engine(engine, lake_home(lake)) as opened:
        answer = run_query_file(opened, file, _pairs(param or []), row_limit=limit, show_keys=show_keys)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    facts = {"columns": answer.columns, "rows": rows, "truncated": answer.truncated}
    lines = ["\t".join(answer.columns), *("\t".join(str(v) for v in row) for row in answer.rows)]
    _say(facts, as_json, "\n".join(lines))


def _pairs(texts: list[str]) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise InputError("A parameter is written NAME=VALUE; see `python -m graph query --help`.")
        pairs[name] = value
    return pairs


def _say(facts: Any, as_json: bool, text: str) -> None:
    sys.stdout.write((json.dumps(facts, ensure_ascii=False, default=str) if as_json else text) + "\n")


def run(command: Callable[[], Any]) -> int:
    """Run a command line; an error of ours is one sentence on stderr and exit code 1."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        command()
    except DuanlianError as error:
        sys.stderr.write(error.message + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(run(app))
