"""How fast screens are, in a real Chromium: `python -m bench.ui canvas | overview | start | many`."""

import argparse
import os
import statistics
import sys
from pathlib import Path

from bench.clock import machine
from bench.ui_canvas import Picture, contenders, described, picture
from bench.ui_graph import ring_graph
from tests.browser import chromium

# The fastest layout it has that draws by forces, and the one it takes when none is named.
LAYOUTS = ("fcose", "cose")


def canvas(options: argparse.Namespace) -> None:
    """The same graph in every contender, in turns; medians, ranges and ratios to ours."""
    graph = ring_graph(options.nodes, options.edges, options.seed)
    counts = [str(options.nodes), str(options.edges), str(options.seed)]
    found: dict[str, list[Picture]] = {}
    with contenders(graph, counts, LAYOUTS) as drawn, chromium() as browser:
        for contender in drawn:
            # The first visit imports what the server needs: it is no one's measure.
            picture(browser, contender, options.timeout)
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
    print(
        "| canvas | usable picture, s | drag all, frames/s | drag a node, frames/s "
        "| blocked, s | longest task, s |"
    )
    print("|---|---|---|---|---|---|")
    for contender in drawn:
        print(_row(contender.name, found.get(contender.name, []), options.timeout))
    _ratios(found)


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
    one.add_argument("--shots", type=Path, help="folder for one picture of each")
    one.set_defaults(run=canvas)
    options = parser.parse_args()
    print(machine(), flush=True)
    options.run(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
