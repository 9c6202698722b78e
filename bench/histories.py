"""Random histories of load, reload, split, repeat, unload, kill and resume: one digest, exact accounts."""

import argparse
import resource
import sys
import time

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ingest.test_histories import Histories, digest_of, warmed


def main() -> int:
    """Print one line; a history that breaks a promise ends the run with its steps."""
    parser = argparse.ArgumentParser(prog="python -m bench.histories", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--steps", type=int, default=6, help="at most so many of each history")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    seed(options.seed)(Histories)
    how = settings(
        max_examples=options.count,
        stateful_step_count=options.steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Histories, settings=how)
    warmed().close()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(usage.ru_utime + usage.ru_stime for usage in used)
    different = digest_of.cache_info().currsize
    print(
        f"{options.count} histories, {different} sets of rows, each with one digest; accounts exact,"
        f" every transfer found in its file; {cpu_s:.0f} CPU-s, {time.monotonic() - began:.0f} s wall"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
