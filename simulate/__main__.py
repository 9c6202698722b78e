"""Command line of the simulation: `python -m simulate --out DIR`."""

import argparse
import json
import sys
from pathlib import Path

from rich.progress import Progress

from simulate.play import STEPS, play, write
from simulate.settings import Settings, default_rings

EXAMPLES = """examples:
  python -m simulate --out var/sample                          the sample of 20,000 accounts
  python -m simulate --out big --accounts 100000 --noise HIGH  a million transfers, rings that hide well
  python -m simulate --out tiny --accounts 2000 --seed 7 --json
"""
README = """INVENTED DATA 虚构数据

Everything in this folder is made up by a simulation: people, companies, banks, accounts, cards, numbers,
addresses, calls, parcels, cases and informants. Identifiers come from ranges that nobody is assigned.
Nothing here is about a real person. 本目录内全部内容均为程序虚构，与任何真实人员、机构无关。

Made with:
python -m simulate --accounts {accounts} --rings {rings} --days {days} --seed {seed} --noise {level}{swaps}
truth/ holds the ground truth; source files stand beside this text.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulate",
        description="Write source files of an invented ring world, with ground truth in DIR/truth.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder to write into; made if missing"
    )
    parser.add_argument(
        "--accounts", type=int, default=20_000, metavar="N", help="accounts in the world (default 20000)"
    )
    parser.add_argument("--rings", type=int, default=None, metavar="N", help="rings (default accounts/1500)")
    parser.add_argument("--days", type=int, default=90, metavar="N", help="days of the window (default 90)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same bytes (default 1)")
    parser.add_argument(
        "--noise", choices=["LOW", "MID", "HIGH"], default="MID", help="how much rings hide (default MID)"
    )
    parser.add_argument(
        "--swaps", action="store_true", help="replace numbers, devices and frozen accounts; truth/changes.csv"
    )
    parser.add_argument("--json", action="store_true", help="print the files written as JSON")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; exit code 0 fine, 1 the folder is not empty, 2 wrong usage."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.accounts < 1_000 or not 14 <= given.days <= 365 or given.seed < 0:
        parser.error("--accounts must be at least 1000, --days from 14 to 365, --seed not negative.")
    rings = default_rings(given.accounts) if given.rings is None else given.rings
    if not 1 <= rings <= given.accounts // 500:
        parser.error("--rings must be at least 1 and at most accounts/500.")
    folder: Path = given.out
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder} is not empty; name a new folder or empty it first.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(given.accounts, rings, given.days, given.seed, given.noise, given.swaps)
    with Progress(transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("people and accounts", total=STEPS)

        def step(name: str) -> None:
            bar.update(task, description=name, advance=1)

        played = play(settings, step)
        made = write(played, folder, step)
    text = README.format(
        accounts=given.accounts,
        rings=rings,
        days=given.days,
        seed=given.seed,
        level=given.noise,
        swaps=" --swaps" if given.swaps else "",
    )
    (folder / "README.txt").write_text(text, encoding="utf-8")
    files = [{"file": name, "rows": rows} for name, rows in made]
    if given.json:
        print(json.dumps({"out": str(folder), "files": files}, ensure_ascii=False))
    else:
        for name, rows in made:
            print(f"{rows:>9}  {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
