"""How fast screens are, in a real Chromium: `python -m bench.ui canvas | overview | start | many`."""

import argparse
import os
import statistics
import sys
from pathlib import Path

from bench.clock import machine
from bench.ui_canvas import Picture, contenders, described, overview_page, picture, visit
from bench.ui_graph import ring_graph
from bench.ui_many import many
from bench.ui_start import cold_starts
from tests.browser import chromium

# Of those that draw by forces the faster one; its default, cose, is a name that `--layouts` takes too.
LAYOUTS = ("fcose",)
_HEAD = """| canvas | usable picture, s | drag all, f/s | drag a node, f/s | blocked, s | longest task, s |
|---|---|---|---|---|---|"""


def canvas(options: argparse.Namespace) -> None:
    """The same graph in every contender, in turns; medians, ranges and ratios to ours."""
    graph = ring_graph(options.nodes, options.edges, options.seed)
    counts = [str(options.nodes), str(options.edges), str(options.seed)]
    found: dict[str, list[Picture]] = {}
    with contenders(graph, counts, options.layouts) as drawn, chromium() as browser:
        for contender in drawn:
            # The first visit imports what the server needs: it is no one's measure.
            visit(browser, contender)
        for turn in range(options.runs):
            for contender in drawn:
                shot = options.shots / f"{contender.name.replace(', ', '-')}.png" if options.shots else None
                made = picture(browser, contender, options.timeout, shot if turn == 0 else None)
                load = os.getloadavg()[0]
                print(f"run {turn + 1}, {contender.name}: {made} load {load:.1f}", flush=True)
                if made is not None:
                    found.setdefault(contender.name, []).append(made)
    print(
        f"\n{options.nodes:,} nodes, {options.edges:,} edges, seed {options.seed}, {options.runs} runs each"
    )
    print(_HEAD)
    for contender in drawn:
        print(_row(contender.name, found.get(contender.name, []), options.timeout))
    _ratios(found)


def overview(options: argparse.Namespace) -> None:
    """The WebGL overview alone: nothing beside it draws so many."""
    counts = [str(options.nodes), str(options.edges), str(options.seed)]
    made = []
    with overview_page(options.nodes, options.edges, counts) as drawn, chromium() as browser:
        visit(browser, drawn)
        for turn in range(options.runs):
            shot = options.shots / "overview.png" if options.shots else None
            one = picture(browser, drawn, options.timeout, shot if turn == 0 else None)
            print(f"run {turn + 1}: {one} load {os.getloadavg()[0]:.1f}", flush=True)
            made += [one] if one else []
    print(f"\n{options.nodes:,} nodes, {options.edges:,} edges, seed {options.seed}")
    print(_HEAD)
    print(_row("overview", made, options.timeout))


def many_analysts(options: argparse.Namespace) -> None:
    """Ten analysts, or as many as asked for."""
    many(options.home, options.analysts, options.steps, options.think, options.seed)


def start(options: argparse.Namespace) -> None:
    """From the start of the process to the overview drawn."""
    cold_starts(options.home, options.runs)


def _row(name: str, made: list[Picture], timeout: float) -> str:
    if not made:
        return f"| {name} | not within {timeout:.0f} s | – | – | – | – |"
    cells = [
        described([p.usable_s for p in made], "{:.1f}".format),
        described([p.pan_fps for p in made], "{:.0f}".format),
        described([p.node_fps for p in made], "{:.0f}".format),
        described([p.blocked_ms / 1000 for p in made], "{:.1f}".format),
        described([p.longest_ms / 1000 for p in made], "{:.1f}".format),
    ]
    return f"| {name} | {' | '.join(cells)} |"


def _ratios(found: dict[str, list[Picture]]) -> None:
    ours = found.get("ours")
    for name, made in found.items():
        if name == "ours" or not ours:
            continue
        soon, pan, node = (
            statistics.median([getattr(p, part) for p in ours])
            / statistics.median([getattr(p, part) for p in made])
            for part in ("usable_s", "pan_fps", "node_fps")
        )
        print(f"ours to {name}: time {soon:.2f}, frames dragging all {pan:.1f}, dragging a node {node:.1f}")


def main() -> int:
    """Exit code 0; a contender that shows no picture in time is said, not hidden."""
    parser = argparse.ArgumentParser(prog="python -m bench.ui", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    one = parts.add_parser("canvas", help="the chart beside st-link-analysis and pyvis")
    one.add_argument("--nodes", type=int, default=2000)
    one.add_argument("--edges", type=int, default=4000)
    one.add_argument("--seed", type=int, default=105)
    one.add_argument("--runs", type=int, default=5)
    one.add_argument("--timeout", type=float, default=150)
    one.add_argument("--layouts", nargs="*", default=LAYOUTS, help="of st-link-analysis, as it names them")
    one.add_argument("--shots", type=Path, help="folder for one picture of each")
    one.set_defaults(run=canvas)
    two = parts.add_parser("start", help="from the start of the process to the overview drawn")
    two.add_argument("--home", type=Path, required=True, help="a home with lake and detection; only read")
    two.add_argument("--runs", type=int, default=5)
    two.set_defaults(run=start)
    three = parts.add_parser("many", help="analysts at once on one lake")
    three.add_argument("--home", type=Path, required=True, help="a home with a lake; only read")
    three.add_argument("--analysts", type=int, default=10)
    three.add_argument("--steps", type=int, default=6)
    three.add_argument("--think", type=float, default=10.0, help="seconds between two steps on average")
    three.add_argument("--seed", type=int, default=105)
    three.set_defaults(run=many_analysts)
    four = parts.add_parser("overview", help="the overview of many nodes: first picture, frames a second")
    four.add_argument("--nodes", type=int, default=20_000)
    four.add_argument("--edges", type=int, default=40_000)
    four.add_argument("--seed", type=int, default=105)
    four.add_argument("--runs", type=int, default=3)
    four.add_argument("--timeout", type=float, default=300)
    four.add_argument("--shots", type=Path, help="folder for a picture")
    four.set_defaults(run=overview)
    options = parser.parse_args()
    print(machine(), flush=True)
    options.run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
