"""A process that has loaded everything and forks one process a trial, for callers whose own threads run.

Started by `Warmed` as `python -m bench.warmed`; not for people.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable
from types import TracebackType
from typing import IO, Any, Self

from bench.clock import CHECKOUT
from bench.trials import Command, Fault, Outcome, run, steps_of, warm
from graph.lake.home import LakeHome


class Warmed:
    """`run` and `steps_of` of bench.trials, in forks of a process that never started a thread of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.warmed"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, home: LakeHome, command: Command, fault: Fault) -> Outcome:
        """As bench.trials.run."""
        outcome = self._ask("run", home, command, fault)
        assert isinstance(outcome, Outcome)  # noqa: S101  only this product is at the other end
        return outcome

    def steps_of(self, home: LakeHome, command: Command) -> int:
        """As bench.trials.steps_of."""
        return int(self._ask("steps_of", home, command))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _ask(self, *words: object) -> Any:
        pipes = self._process.stdin, self._process.stdout
        if pipes[0] is None or pipes[1] is None:
            raise AssertionError("the process was started without pipes")
        pickle.dump(words, pipes[0])
        pipes[0].flush()
        return pickle.load(pipes[1])  # noqa: S301  written by the process started here


def serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until nobody asks any more."""
    known: dict[str, Callable[..., object]] = {"run": run, "steps_of": steps_of}
    while True:
        try:
            word, *values = pickle.load(asked)  # noqa: S301  written by the process that started this one
        except EOFError:
            return
        pickle.dump(known[word](*values), answers)
        answers.flush()


if __name__ == "__main__":
    warm()
    serve(sys.stdin.buffer, sys.stdout.buffer)
