"""Figures over several worlds as Markdown: the mean and, from two worlds on, its 95 % confidence interval."""

import math
from collections.abc import Mapping, Sequence
from statistics import mean, stdev

from scipy.stats import t as student

from bench.quality_rules import Figures
from bench.quality_world import WorldFigures

_CONFIDENCE = 0.95
# Seconds of a shared machine: an interval would claim more than they say.
_MEAN_ONLY = ("CPU s",)


def rules_table(worlds: Sequence[WorldFigures]) -> str:
    """One line for each rule, in order of id; no worlds give no lines."""
    ids = sorted({rule for world in worlds for rule in world.rules})
    if not ids:
        return ""
    names = list(next(iter(worlds[0].rules.values())))
    lines = [_line(["rule", *names]), "|" + "---|" * (len(names) + 1)]
    for rule in ids:
        of = [world.rules[rule] for world in worlds if rule in world.rules]
        lines.append(_line([rule, *(_cell(name, [one[name] for one in of]) for name in names)]))
    return "\n".join(lines)


def whole_table(worlds: Mapping[int, WorldFigures]) -> str:
    """One line for each figure of gangs, mules, roles and floors; a column for each seed and the mean."""
    if not worlds:
        return ""
    seeds = sorted(worlds)
    lines = [_line(["figure", *(str(seed) for seed in seeds), "mean"]), "|" + "---|" * (len(seeds) + 2)]
    for name in worlds[seeds[0]].whole:
        values = [worlds[seed].whole[name] for seed in seeds]
        lines.append(_line([name, *(_figure(value) for value in values), _spread(values)]))
    lines.append(_line(["best rule alone", *(worlds[seed].best_rule for seed in seeds), ""]))
    return "\n".join(lines)


def half_width(values: Sequence[float]) -> float | None:
    """Half of the 95 % confidence interval of the mean by Student's t; None of fewer than two values."""
    if len(values) < 2:
        return None
    quantile = float(student.ppf(0.5 + _CONFIDENCE / 2, len(values) - 1))
    return quantile * stdev(values) / math.sqrt(len(values))


def _spread(values: Sequence[float | None]) -> str:
    """Mean of the values that are there, with ± half width unless they are counts; `-` of none.

    Where some are missing it is said how many there are.
    """
    there = [value for value in values if value is not None]
    if not there:
        return "-"
    text = f"{mean(there):g}"
    if any(isinstance(value, float) for value in there):
        width = half_width(there)
        text = _figure(float(mean(there))) + ("" if width is None else f" ± {width:.2f}")
    return text if len(there) == len(values) else f"{text} ({len(there)} of {len(values)})"


def _cell(name: str, values: Sequence[float | None]) -> str:
    if name in _MEAN_ONLY:
        return f"{mean(value or 0.0 for value in values):.2f}"
    return _spread(values)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def as_record(world: WorldFigures) -> dict[str, object]:
    """What is kept of one world, as JSON has it."""
    return {"whole": world.whole, "rules": dict(world.rules), "best_rule": world.best_rule}


def from_record(record: Mapping[str, object]) -> WorldFigures:
    """The opposite of `as_record`."""
    whole, rules, best = record["whole"], record["rules"], record["best_rule"]
    if not (isinstance(whole, dict) and isinstance(rules, dict) and isinstance(best, str)):
        raise SystemExit("A kept file of figures does not have the form of this benchmark; remove it.")
    figures: dict[str, Figures] = rules
    return WorldFigures(whole, figures, best)
