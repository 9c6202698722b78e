"""Times what the time axis and the screens of phones and parcels ask of a lake: `python -m bench.traces`."""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from cases.bins import binned, scale_of, span_of
from cases.contacts import common_contacts
from cases.device_uses import hours, stays
from cases.gaps import missing_rows
from cases.line_runs import runs_of_events
from cases.parcels import parcels
from cases.streams import Asked, read_events
from detect.meetings import meetings, nearness
from graph.contract import Ref
from graph.lake.home import lake_home
from graph.lake.tables import LakeTables, open_tables


def busiest(tables: LakeTables, relation: str, count: int) -> list[str]:
    """The keys from which most rows of a relation go out."""
    counted = tables.scan(relation).group_by("from_key").len()
    return (
        counted.sort("len", "from_key", descending=[True, False]).head(count).collect()["from_key"].to_list()
    )


def axis(tables: LakeTables, refs: tuple[Ref, ...]) -> int:
    """Everything an axis of these nodes needs, all their events; how many there are."""
    events = read_events(tables, Asked(refs, "every"))
    span = span_of(events)
    if span is not None:
        binned(events, scale_of(*span))
    runs_of_events(read_events(tables, Asked(refs)))
    missing_rows(tables, Asked(refs))
    return events.height


def steps(tables: LakeTables) -> dict[str, Callable[[], int]]:
    """Name -> what is timed; each gives a count of its rows."""
    accounts, sims = busiest(tables, "TRANSFER", 300), busiest(tables, "CALLED", 300)
    hub = (Ref("Account", accounts[0]),)
    many = tuple(Ref("Account", key) for key in accounts)
    mixed = (*many[:150], *(Ref("Sim", key) for key in sims[:150]))
    return {
        "axis_hub": lambda: axis(tables, hub),
        "axis_300_accounts": lambda: axis(tables, many),
        "axis_150_accounts_150_sims": lambda: axis(tables, mixed),
        "meetings_300": lambda: meetings(tables, sims, nearness()).rows.height,
        "contacts_300": lambda: common_contacts(tables, sims, 2).common.height,
        "stays_300": lambda: stays(tables, sims, []).height,
        "hours_300": lambda: hours(tables, sims).height,
        "parcels": lambda: parcels(tables).height,
    }


def main() -> None:
    """Print seconds, wall and CPU, of the second of two runs and counts of each step as JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.traces",
        description="Time the reads of the time axis and of the screens of phones and parcels.",
        epilog="example:\n  python -m bench.traces --lake var",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--lake", type=Path, default=Path("var"), help="home of the lake")
    tables = open_tables(lake_home(parser.parse_args().lake))
    told: dict[str, Any] = {"rows": sum(tables.rows.values()), "polars": pl.__version__}
    for name, step in steps(tables).items():
        step()
        begun, worked = time.perf_counter(), time.process_time()
        count = step()
        seconds, cpu = time.perf_counter() - begun, time.process_time() - worked
        told[name] = {"seconds": round(seconds, 3), "cpu_s": round(cpu, 3), "rows": count}
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
