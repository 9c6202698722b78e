"""The additive mule score over many accounts at once, and its fit without negative weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.evidence import World
from detect.mules import MuleWeights

Floats = NDArray[np.float64]
_ROUNDS = 8
_BELOW = 0.97


@dataclass(frozen=True, slots=True)
class Evidence:
    """Accounts of worlds as numbers: strength of each sign (a row an account), whether a mule, its world."""

    signs: tuple[str, ...]
    strength: Floats
    mule: NDArray[np.bool_]
    world: NDArray[np.int64]
    accounts: tuple[str, ...]


def evidence(worlds: Sequence[World], signs: Sequence[str] | None = None) -> Evidence:
    """All accounts of the truth of these worlds, by world, account; signs: columns, all found when None."""
    names = sorted({s for w in worlds for s in w.signs["sign"].unique()}) if signs is None else list(signs)
    column = {name: number for number, name in enumerate(names)}
    accounts = [(number, a) for number, world in enumerate(worlds) for a in sorted(world.mules)]
    row = {pair: number for number, pair in enumerate(accounts)}
    strength = np.zeros((len(accounts), len(names)))
    for number, world in enumerate(worlds):
        for account, sign, value in world.signs.select("account", "sign", "strength").iter_rows():
            if sign in column and (number, account) in row:
                strength[row[number, account], column[sign]] = value
    return Evidence(
        tuple(names),
        strength,
        np.array([worlds[number].mules[account] for number, account in accounts]),
        np.array([number for number, _ in accounts], dtype=np.int64),
        tuple(account for _, account in accounts),
    )


def design(found: Evidence, weights: MuleWeights) -> Floats:
    """What each sign counts under these weights: its strength times the damping of repeats, explanations < 0.

    Of a rule's two signs the heavier counts; within a stream the heaviest counts in full, others `repeat`.
    The score is prior plus these times the signs' weights (detect.mules.score_mules).
    """
    worth = {name: found.strength[:, n] * weight_of(name, weights) for n, name in enumerate(found.signs)}
    by_rule: dict[str, list[str]] = {}
    for name in found.signs:
        if not name.startswith("exception "):
            by_rule.setdefault(name.split()[0], []).append(name)
    counts = np.where([name.startswith("exception ") for name in found.signs], -found.strength, 0.0)
    place = {name: n for n, name in enumerate(found.signs)}
    streams: dict[str, list[tuple[str, Floats]]] = {}
    for rule, names in by_rule.items():
        stream = weights.rules.get(rule, weights.other_rules).stream
        streams.setdefault(stream, []).append((rule, np.max([worth[name] for name in names], axis=0)))
    for members in streams.values():
        best = np.array([of_rule for _, of_rule in members])
        # Ties go to the rule named first, as there.
        first = np.argmax(best, axis=0)
        for number, (rule, of_rule) in enumerate(members):
            share = np.where(first == number, 1.0, weights.repeat)
            taken = np.zeros(len(found.mule), dtype=bool)
            for name in by_rule[rule]:
                mine = (worth[name] >= of_rule) & (found.strength[:, place[name]] > 0) & ~taken
                taken |= mine
                counts[:, place[name]] = np.where(mine, found.strength[:, place[name]] * share, 0.0)
    return np.asarray(counts, dtype=np.float64)


def weight_of(sign: str, weights: MuleWeights) -> float:
    """The weight a sign has; 0 for what the file does not name."""
    first, second = sign.split()
    if first == "exception":
        return weights.exceptions.get(second, 0.0)
    weight = weights.rules.get(first, weights.other_rules)
    return weight.subject if second == "subject" else weight.others


def scores(found: Evidence, weights: MuleWeights) -> Floats:
    """The additive score of each account, in the file's units; an account without signs has the prior."""
    each = np.array([weight_of(name, weights) for name in found.signs])
    return np.asarray(weights.prior + design(found, weights) @ each, dtype=np.float64)


def probabilities(found: Evidence, weights: MuleWeights) -> Floats:
    """The additive score's probability of each account."""
    return np.asarray(1.0 / (1.0 + np.exp(-weights.slope * scores(found, weights))), dtype=np.float64)


def platt(score: Floats, mule: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the logistic regression of the truth on the score (Platt 1999), unregularised."""
    truth = mule.astype(np.float64)

    def loss(at: Floats) -> tuple[float, Floats]:
        raw = at[0] * score + at[1]
        slack = 1.0 / (1.0 + np.exp(-raw)) - truth
        return float((np.logaddexp(0.0, raw) - truth * raw).sum()), np.array([slack @ score, slack.sum()])

    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B")
    return float(found.x[0]), float(found.x[1])


def fitted(
    found: Evidence, start: MuleWeights, free: Sequence[str], pull: float
) -> tuple[float, dict[str, float]]:
    """Prior and weights in log-odds (slope 1) of the likeliest fit, none negative or above 0.97 of the prior.

    free: signs whose weights are fitted; the others stay as in `start`. pull: how strongly each weight is
    held at its value in `start` (half its square distance, in log-likelihood of one account). The damping of
    repeats depends on the weights, so weights and damping are found in turn, eight times.
    """
    truth = found.mule.astype(np.float64)
    names = list(found.signs)
    begin = np.array([start.slope * weight_of(name, start) for name in names])
    fixed = np.array([name not in set(free) for name in names])
    current, prior = begin.copy(), start.slope * start.prior
    for _ in range(_ROUNDS):
        counts = design(found, with_values(start, prior, dict(zip(names, current.tolist(), strict=True))))

        def loss(at: Floats, counts: Floats = counts) -> tuple[float, Floats]:
            raw = at[0] + counts @ at[1:]
            slack = 1.0 / (1.0 + np.exp(-raw)) - truth
            away = at[1:] - begin
            value = (np.logaddexp(0.0, raw) - truth * raw).sum() + pull / 2 * (away @ away)
            return float(value), np.concatenate([[slack.sum()], counts.T @ slack + pull * away])

        most = -_BELOW * prior
        bounds = [(-12.0, -1.0)]
        bounds += [(b, b) if f else (0.0, most) for b, f in zip(begin.clip(0, most), fixed, strict=True)]
        at = np.concatenate([[prior], current.clip(0.0, most)])
        best = minimize(loss, at, jac=True, method="L-BFGS-B", bounds=bounds)
        prior, current = float(best.x[0]), np.asarray(best.x[1:], dtype=np.float64)
    # The bound of a round is that of the prior before it.
    return prior, dict(zip(names, current.clip(0.0, -_BELOW * prior).tolist(), strict=True))


def calibrated(found: Evidence, start: MuleWeights, free: Sequence[str], pull: float) -> MuleWeights:
    """Weights of `fitted`, then slope and prior by `platt` on the same accounts; not rounded.

    The bound on single weights makes the fit too careful about accounts with several signs; the slope mends
    that. In the file's units a weight stays below 0.97 of the prior, so that one finding still lists nobody.
    """
    prior, values = fitted(found, start, free, pull)
    weights = with_values(start, prior, values)
    slope, offset = platt(scores(found, weights), found.mule)
    moved = prior + offset / slope
    bounded = {name: min(value, -_BELOW * moved) for name, value in values.items()}
    return with_values(start, moved, bounded).model_copy(update={"slope": slope})


def with_values(start: MuleWeights, prior: float, values: Mapping[str, float]) -> MuleWeights:
    """The weights of a fit in the form of the file, slope 1; the bound holds for weights not fitted too."""
    rules = {
        rule: weight.model_copy(
            update={
                kind: min(values.get(f"{rule} {kind}", start.slope * getattr(weight, kind)), -_BELOW * prior)
                for kind in ("subject", "others")
            }
        )
        for rule, weight in start.rules.items()
    }
    other = start.other_rules.model_copy(update={"subject": start.slope * start.other_rules.subject})
    exceptions = {
        name: values.get(f"exception {name}", start.slope * weight)
        for name, weight in start.exceptions.items()
    }
    return start.model_copy(
        update={"prior": prior, "slope": 1.0, "rules": rules, "other_rules": other, "exceptions": exceptions}
    )
