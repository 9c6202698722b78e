"""Outside data: loads AMLSim whole, detects on it, compares with its labels: `python -m bench.amlsim DIR`."""

import argparse
import json
import tempfile
from pathlib import Path

import polars as pl

from bench.clock import machine, run
from detect.store import open_detection
from graph.lake.home import lake_home
from graph.lake.tables import open_tables


def main() -> None:
    """Print costs, counts, and precision and recall of mules against the account labels."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder that holds nodes.csv and transactions.csv")
    given = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as place:
        loaded = run("-m", "ingest", str(given.folder), "--lake", place, "--json")
        print(f"ingest: {loaded}")
        found = run("-m", "detect", "--lake", place, "--json")
        print(f"detect: {found}")
        home = lake_home(Path(place))
        rows = open_tables(home).rows
        print(f"accounts {rows['Account']:,}, transfers {rows['TRANSFER']:,}")
        _compare(home_labels(given.folder), {mule.account: mule.probability for mule in _mules(place)})
        print(json.dumps(json.loads(found.output), ensure_ascii=False))


def _mules(place: str) -> tuple:  # type: ignore[type-arg]  # Mule values; none when detection found nothing
    detection = open_detection(lake_home(Path(place)))
    return detection.mules if detection else ()


def home_labels(folder: Path) -> dict[str, bool]:
    """Account -> whether AMLSim marks it as fraud; the label never enters the lake."""
    frame = pl.read_csv(folder / "nodes.csv", infer_schema=False)
    return {
        key: flag.strip() in ("1", "true", "True")
        for key, flag in frame.select("nodeid", "isFraud").iter_rows()
    }


def _compare(labels: dict[str, bool], scores: dict[str, float]) -> None:
    frauds = sum(labels.values())
    print(f"labelled accounts {len(labels):,}, fraud {frauds:,}")
    for least in (0.5, 0.2, 0.0):
        listed = [a for a, p in scores.items() if p >= least]
        hits = sum(labels.get(account, False) for account in listed)
        precision = hits / len(listed) if listed else float("nan")
        shares = f"precision {precision:.3f}, recall {hits / frauds:.3f}"
        print(f"probability >= {least}: {len(listed)} listed, {shares}")


if __name__ == "__main__":
    main()
