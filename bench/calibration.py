"""Whether mule probabilities hold what they say, on worlds with known truth: `python -m bench.calibration`.

Without `--fit`: reliability of the weights in force (or `--weights FILE`) on these seeds; report from 109 up.
With `--fit`: fits prior, weights and slope on tuning seeds by a logistic regression without negative weights,
tests each seed on a fit of the others, and prints the values for `queries/weights/mules.yml`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.additive import Evidence, calibrated, evidence, platt, probabilities, scores, weight_of
from bench.clock import CHECKOUT, machine
from bench.evidence import NOISES, World, world
from bench.quality import TUNING_SEEDS
from bench.reliability import Flags, Floats, bins, brier, calibration_error, interval
from detect.learn.figures import figures
from detect.mules import WEIGHTS, MuleWeights, load_mule_weights

_LEAST_ACCOUNTS = 20
_PULL = 1.0
# Never a weight, however well they do in an invented world: C01 fires on every tenth account there, as all of
# the world's accounts are of class I; C05 speaks of a branch, not of its customers; C09 counts other signs.
_NO_WEIGHT = frozenset({"C01", "C05", "C09"})


def main() -> None:
    """Print reliability of the weights in force, or fit new ones."""
    given = _parser().parse_args()
    print(machine())
    tuned = sorted(TUNING_SEEDS & set(given.seeds))
    if given.fit and set(given.seeds) - TUNING_SEEDS:
        raise SystemExit("Weights are fitted on tuning seeds only: 1 to 5, 101 to 108.")
    if tuned and not given.fit:
        print(f"Used for tuning, so not to be reported: seeds {', '.join(map(str, tuned))}.")
    worlds = [world(seed, noise, given.accounts, given.keep) for noise in given.noise for seed in given.seeds]
    weights = load_mule_weights(given.weights)
    if given.fit:
        fit(worlds, weights, given.pull)
        return
    for noise in given.noise:
        mine = evidence([one for one in worlds if one.noise == noise])
        print(f"\n{noise} noise, {given.accounts} accounts, seeds {' '.join(map(str, given.seeds))}")
        report(mine, scores(mine, weights), probabilities(mine, weights), weights.listed_from)


def report(found: Evidence, score: Floats, said: Floats, listed_from: float) -> None:
    """Print ranking and reliability over all accounts, over those with a sign, and over those listed."""
    whole = figures(found.mule, score, said)
    slope, offset = platt(np.log(said / (1 - said)), found.mule)
    print(
        f"accounts {whole.n}, mules {whole.positives}, PR-AUC {whole.pr_auc}, precision at recall 0.8 "
        f"{whole.precision_at_recall}, Brier {brier(said, found.mule):.5f}, "
        f"Platt slope {slope:.2f} offset {offset:+.2f} (1 and 0 are right)"
    )
    for name, chosen in _parts(found, said, listed_from).items():
        _part(name, said[chosen], found.mule[chosen], int(found.mule.sum()))
    guilty = _parts(found, said, listed_from)["with a finding"]
    for one in bins(said[guilty], found.mule[guilty]):
        print(f"| {one.low:.2f} to {one.high:.2f} | {one.n} | {one.said:.3f} | {one.seen:.3f} |")


def _parts(found: Evidence, said: Floats, listed_from: float) -> dict[str, Flags]:
    rules = [not name.startswith("exception ") for name in found.signs]
    return {"with a finding": np.any(found.strength[:, rules] > 0, axis=1), "listed": said >= listed_from}


def _part(name: str, said: Floats, truth: Flags, mules: int) -> None:
    low, high = interval(said, truth)
    print(
        f"{name}: {len(said)}, said {said.mean():.3f}, seen {truth.mean():.3f}, share of mules "
        f"{truth.sum() / mules:.3f}, Brier {brier(said, truth):.4f}, calibration error "
        f"{calibration_error(said, truth):.4f} ({low:.4f} to {high:.4f})"
    )


def fit(worlds: Sequence[World], start: MuleWeights, pull: float) -> None:
    """Print each seed's figures on a fit of the other seeds, then the fit of all as the file has it."""
    found = evidence(worlds)
    free = free_signs(found)
    print(f"{len(worlds)} worlds, {len(found.mule)} accounts, {found.mule.sum()} mules, {len(free)} weights")
    seeds = np.array([one.seed for one in worlds])[found.world]
    held = np.zeros(len(found.mule))
    for seed in sorted(set(seeds.tolist())) if len(set(seeds.tolist())) > 1 else ():
        weights = calibrated(_part_of(found, seeds != seed), start, free, pull)
        held[seeds == seed] = weights.slope * scores(_part_of(found, seeds == seed), weights)
    print("\nas in force")
    report(found, scores(found, start), probabilities(found, start), start.listed_from)
    print("\nfitted on the other seeds")
    report(found, held, np.asarray(1 / (1 + np.exp(-held))), start.listed_from)
    weights = calibrated(found, start, free, pull)
    print(f"\nprior: {weights.prior:.2f}\nrepeat: {weights.repeat}\nslope: {weights.slope:.2f}")
    for number, name in enumerate(found.signs):
        count = int((found.strength[:, number] > 0).sum())
        said = "" if name in free else ", not fitted"
        print(f"{name}: {weight_of(name, weights):.2f}  # {count} accounts{said}")


def free_signs(found: Evidence) -> list[str]:
    """Signs that enough accounts have to be fitted; the rest keep their weights."""
    return [name for n, name in enumerate(found.signs) if (found.strength[:, n] > 0).sum() >= _LEAST_ACCOUNTS]


def _part_of(found: Evidence, chosen: Flags) -> Evidence:
    accounts = tuple(a for a, keep in zip(found.accounts, chosen.tolist(), strict=True) if keep)
    return Evidence(found.signs, found.strength[chosen], found.mule[chosen], found.world[chosen], accounts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[109])
    parser.add_argument("--accounts", type=int, default=3_000)
    parser.add_argument("--noise", nargs="+", default=list(NOISES), choices=NOISES)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, metavar="FILE", help="other weights")
    parser.add_argument("--fit", action="store_true", help="fit on these seeds")
    parser.add_argument("--pull", type=float, default=_PULL, help="how strongly weights are held (fit)")
    parser.add_argument(
        "--keep",
        type=Path,
        default=CHECKOUT / ".cache" / "evidence",
        metavar="DIR",
        help="keep evidence here",
    )
    return parser


if __name__ == "__main__":
    main()
