"""What `make setup` compiles is all that a trace needs: a first trace afterwards compiles nothing more."""

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
TRACE = """
from numba.core.event import Listener, register
compiled = []
class Counts(Listener):
    def on_start(self, event):
        compiled.append(event.data["dispatcher"].py_func.__qualname__)
    def on_end(self, event):
        pass
register("numba:compile", Counts())
from funds.comparison import compare
from funds.flow import flow_of
from funds.methods import METHODS
from tests.funds.test_tracing import prepared, worlds
for seed in range(40):
    for traced in compare(*prepared(*worlds(seed)), METHODS).traced.values():
        flow_of(traced)
print(compiled)
"""


def run(cache: Path, *words: str) -> str:
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_nothing_is_left_to_compile_at_the_first_trace(tmp_path: Path) -> None:
    run(tmp_path, "-m", "funds.compiled")
    assert run(tmp_path, "-c", TRACE) == "[]"
