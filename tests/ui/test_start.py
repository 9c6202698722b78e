"""What the first screen may bring along: a start is waited for."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Each takes a tenth of a second to half a second to import; the overview draws without them.
HEAVY = ("numba", "scipy", "sqlglot", "lightgbm", "splink", "networkit", "graspologic_native", "neo4j")


def test_the_overview_is_drawn_without_the_detectors_and_their_libraries() -> None:
    script = (
        "import sys, ui.desk, ui.frame, ui.navigate, ui.screens.overview\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
