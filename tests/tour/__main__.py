"""Takes the pictures of the tour: `python -m tests.tour [--home LAKE] [--out docs/images/tour]`."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from graph.lake.home import LakeHome, lake_home
from tests.sample import load_sample
from tests.tour.walk import take_pictures
from ui.words import LANGUAGES

WORLD = ("--accounts", "5000", "--rings", "3", "--seed", "101", "--noise", "MID")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "images" / "tour"


def main() -> None:
    """Walk in both languages; without --home over a sample world that is made, loaded and searched first."""
    parser = argparse.ArgumentParser(prog="python -m tests.tour", description=__doc__)
    parser.add_argument("--home", type=Path, help="a loaded and searched home; it is only read")
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of the pictures, a folder a language")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = lake_home(chosen.home) if chosen.home else _sample(Path(folder))
        for language in LANGUAGES:
            for path in take_pictures(home, language, chosen.out / language):
                print(path.name)


def _sample(folder: Path) -> LakeHome:
    """A world of three rings, loaded and searched."""
    world = [sys.executable, "-m", "simulate", "--out", str(folder / "data"), *WORLD]
    subprocess.run(world, check=True, stdout=subprocess.DEVNULL)
    return load_sample(folder / "home", folder / "data")


main()
