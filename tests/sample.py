"""A small invented world, loaded and searched once a test session, for screens, exports and the browser."""

import subprocess
import sys
from pathlib import Path

from detect.pipeline import run_detection
from graph.lake.home import LakeHome, lake_home
from ingest.load import find_files, load_files
from ingest.settle import settle

CHECKOUT = Path(__file__).resolve().parent.parent
ACCOUNTS, SEED = 1500, 1


def write_sample(folder: Path) -> Path:
    """Source files and truth of a world of 1,500 accounts with one ring."""
    command = [sys.executable, "-m", "simulate", "--out", str(folder)]
    command += ["--accounts", str(ACCOUNTS), "--seed", str(SEED), "--noise", "LOW"]
    subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.DEVNULL)
    return folder


def load_sample(home: Path, files: Path) -> LakeHome:
    """A home with that world loaded and detection run on it."""
    opened = lake_home(home)
    load_files(opened, find_files([files]))
    settle(opened)
    run_detection(opened)
    return opened
