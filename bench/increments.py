"""Random lakes that are given new sheets, each settled by itself and anew: `python -m bench.increments`."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.ingest.settle.increment.test_equal import check
from tests.ingest.settle.increment.worlds import Sheet, others, sheets


def main() -> int:
    """Print one line; a lake on which both ways differ ends the run with its rows."""
    parser = argparse.ArgumentParser(prog="python -m bench.increments", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began, counts = time.monotonic(), Counter[str]()

    @seed(options.seed)
    @settings(
        max_examples=options.count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(first=st.lists(sheets, max_size=2), rest=others, later=st.lists(sheets, min_size=1, max_size=3))
    def every_lake(first: list[Sheet], rest: Mapping[str, Sheet], later: list[Sheet]) -> None:
        counts["sheets"] += len(later)
        counts["alone"] += check(first, rest, later)

    every_lake()
    wall = time.monotonic() - began
    print(
        f"{options.count} lakes, {counts['sheets']} new sheets, {counts['alone']} of them settled alone,"
        f" each with the tables, digest and report of settling anew; {wall:.0f} s wall"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
