"""The parameters of what replaced what, from queries/weights/changes.yml."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from graph.errors import InvalidRule
from graph.safe_yaml import read_yaml

SETTINGS = Path(__file__).parents[2] / "queries" / "weights" / "changes.yml"
TYPES = ("Account", "Device", "Sim")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of neighbour: weight of one that nobody else has; ignored when more than `most` use it."""

    base: float
    most: int


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Every bound of the search; each is explained beside its value in the file."""

    gap_days: float
    overlap_days: float
    window_days: float
    linger_days: float
    least_rows: int
    least_expected: float
    damping: float
    evidence_half: float
    rounds: int
    stable: float
    least_score: float
    least_margin: float
    repeats: int
    drop: float
    least_stability: float
    together_least: int
    solitary: float
    kinds: Mapping[str, Mapping[str, Kind]]


def load_settings(path: Path = SETTINGS) -> ChangeSettings:
    """The settings of a file; InvalidRule names what is missing or no number."""
    raw = read_yaml(path)
    try:
        plain = {f.name: raw[f.name] for f in fields(ChangeSettings) if f.name != "kinds"}
        kinds = {
            name: {
                kind: Kind(float(v["base"]), int(v["most"])) for kind, v in sorted(raw["kinds"][name].items())
            }
            for name in TYPES
        }
        settings = ChangeSettings(**plain, kinds=kinds)
        numbers = [float(value) for value in plain.values()]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidRule(
            f"A value of {path.name} is missing or no number ({error}); add it.", file=path.name
        ) from error
    if min(numbers) < 0 or settings.damping >= 1 or settings.evidence_half <= 0:
        raise InvalidRule(
            f"A value of {path.name} is out of bounds; none is negative, damping is below 1.", file=path.name
        )
    return settings
