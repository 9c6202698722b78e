"""An invented world in a folder: simulated and loaded, once."""

from pathlib import Path
from typing import NamedTuple

from bench.clock import run


class MadeWorld(NamedTuple):
    """Folders of a world: home of its lake, source files, truth."""

    lake: Path
    data: Path
    truth: Path


def made_world(place: Path, accounts: int, seed: int, noise: str, *options: str) -> MadeWorld:
    """The world in `place`, made there unless it stands whole already; options: more of `simulate`.

    SystemExit names the step that failed.
    """
    world = MadeWorld(place / "lake", place / "data", place / "data" / "truth")
    whole = place / "made"
    if not whole.exists():
        simulated(world.data, accounts, seed, noise, *options)
        done("ingest", str(world.data), "--lake", str(world.lake))
        whole.touch()
    return world


def simulated(data: Path, accounts: int, seed: int, noise: str, *options: str) -> None:
    """Write a world's source files and truth to `data`; SystemExit when it fails."""
    size = ("--accounts", str(accounts), "--seed", str(seed), "--noise", noise)
    done("simulate", "--out", str(data), *size, *options)


def done(*step: str) -> None:
    """Run `python -m STEP`; SystemExit when it fails."""
    code = run("-m", *step).exit_code
    if code:
        raise SystemExit(f"`python -m {' '.join(step)}` ended with exit code {code}.")
