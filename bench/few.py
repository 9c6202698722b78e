"""A small new bank sheet into lakes of growing size: `python -m bench.few --rows 100000 1000000`.

Of a simulated world two sheets are held back: some accounts of one bank, about 10,000 rows each. They are
loaded into an empty lake and into lakes that hold all else; each is the whole command, in CPU seconds of all
its processes. The first sheet after large ones also makes their lookups; the second shows what follows then.
"""

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from bench.clock import Cost, machine, run
from bench.ingest import make_sheets


def main() -> None:
    """Print one line a lake."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--sheet", type=int, default=10_000, help="rows of each new sheet")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(machine())
    for wanted in given.rows:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), wanted, given.sheet, given.seed)


def measure(folder: Path, wanted: int, sheet: int, seed: int) -> None:
    """Load all but two sheets, then these; then the same two into a lake that holds nothing."""
    sheets = make_sheets(folder, wanted, seed)
    new = hold_back(sheets, sheet, 2)
    large, empty = folder / "large", folder / "empty"
    before, rows = load(sheets, large)
    print(f"{rows:,} rows in the lake: {before}", flush=True)
    for path in new:
        alone, count = load(path, empty)
        into, _ = load(path, large)
        print(
            f"  {count:,} new rows: {into.cpu_s:.1f} CPU-s, {into.wall_s:.1f} s, {into.peak_mib:.0f} MiB;"
            f" into a lake of such sheets only {alone.cpu_s:.1f} CPU-s",
            flush=True,
        )
    digest = status(large)
    anew = run("-m", "ingest", "rebuild", "--lake", str(large), "--json")
    same = json.loads(anew.output)["digest"] == digest
    print(
        f"  settled anew: {anew.cpu_s:.1f} CPU-s; the digest is {'the same' if same else 'ANOTHER'}",
        flush=True,
    )


def hold_back(sheets: Path, rows: int, count: int) -> list[Path]:
    """Take whole accounts out of the largest sheet into `count` new ones of about `rows` rows each."""
    source = max(sheets.glob("*.csv"), key=lambda path: path.stat().st_size)
    text = source.read_bytes()
    encoding = "gb18030" if b"\xef\xbb\xbf" != text[:3] else "utf-8-sig"
    head, *lines = text.decode(encoding).splitlines()
    own = head.split(",").index("交易账号")
    accounts = [line.split(",")[own] for line in lines]
    fate: dict[str, int] = {}
    taken = Counter[int]()
    for account, held in sorted(Counter(accounts).items()):
        place = next((place for place in range(count) if taken[place] < rows), None)
        if place is not None:
            fate[account] = place
            taken[place] += held
    made = []
    for place in range(count):
        path = sheets.parent / f"new_{place}.csv"
        mine = [line for line, account in zip(lines, accounts, strict=True) if fate.get(account) == place]
        path.write_text("\n".join([head, *mine]) + "\n", encoding=encoding)
        made.append(path)
    rest = [line for line, account in zip(lines, accounts, strict=True) if account not in fate]
    source.write_text("\n".join([head, *rest]) + "\n", encoding=encoding)
    return made


def load(path: Path, lake: Path) -> tuple[Cost, int]:
    """Load a file or folder; what it cost, and the rows it held."""
    cost = run("-m", "ingest", str(path), "--lake", str(lake), "--json")
    return cost, sum(file["rows_in"] for file in json.loads(cost.output)["files"])


def status(lake: Path) -> str:
    """The digest in force."""
    manifest = json.loads((lake / "lake" / "tables" / "manifest.json").read_text(encoding="utf-8"))
    return str(manifest["digest"]["digest"])


if __name__ == "__main__":
    main()
