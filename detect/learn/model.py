"""Keeps a learned model in the home: LightGBM's text beside a sealed list of all it was made from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detect.exceptions import load_exceptions
from detect.learn.figures import Figures
from detect.learn.fit import PARAMETERS, ROUNDS
from detect.rule import open_library
from detect.rule_heads import QUERIES
from detect.rule_lock import body_digest
from detect.signs import known_signs
from detect.store import MANIFEST as FINDINGS
from graph.durable import disk, remove, replace_bytes
from graph.errors import InputError, UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.seal import read_sealed, unbroken, write_sealed
from graph.lake.tables import open_tables

CARD = "model.json"
_AGAIN = "run `python -m detect train` again"


@dataclass(frozen=True, slots=True)
class FoldFigures:
    """One test by time. at, until: ISO instants. trained: labels learned from. rule: the additive score's."""

    at: str
    until: str
    trained: int
    learned: Figures
    rule: Figures


@dataclass(frozen=True, slots=True)
class Card:
    """What a model was made from and how it did. labels: the file's sha256; labelled: account -> its label.

    rules: id -> revision and digest of the body. signs: the columns in order. exceptions: of their files.
    findings: the stored detection that was learned from. model: sha256 of the model's text.
    """

    lake: str
    findings: str
    labels: str
    labelled: Mapping[str, bool]
    signs: tuple[str, ...]
    rules: Mapping[str, tuple[int, str]]
    exceptions: str
    parameters: Mapping[str, Any]
    folds: tuple[FoldFigures, ...]
    pooled: tuple[Figures, Figures]
    model: str


def made_from() -> tuple[tuple[str, ...], dict[str, tuple[int, str]], str]:
    """The signs, rules and exceptions in force, as a card states them."""
    rules, exceptions = open_library().rules, load_exceptions()
    files = sorted((QUERIES / "exceptions").glob("*.yml"))
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
    names = tuple(sign.name for sign in known_signs(rules, exceptions))
    return names, {rule.id: (rule.revision, body_digest(rule)) for rule in rules}, digest


def parameters() -> dict[str, Any]:
    """How models are fitted now, as a card states it."""
    return {**PARAMETERS, "rounds": ROUNDS}


def findings_in_force(home: LakeHome) -> str:
    """The name of the stored detection, "" when detection never ran."""
    return str((read_sealed(home.findings / FINDINGS) or {}).get("folder", ""))


def write_model(home: LakeHome, card: Card, text: str) -> None:
    """Put model and card in force at once; the model's file is named by its content."""
    raw = text.encode("utf-8")
    name = _file_name(card)
    with disk(home.models):
        replace_bytes(home.models / name, raw, 0o600)
        write_sealed(home.models / CARD, _as_json(card))
        for other in home.models.glob("*.txt"):
            if other.name != name:
                remove(other)


def read_card(home: LakeHome) -> Card | None:
    """The card of the model in force, None when nothing was trained; UnreadableSource when it is damaged."""
    try:
        raw = read_sealed(home.models / CARD)
        return None if raw is None else _from_json(raw)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableSource(
            f"The card of the learned model is damaged on disk; {_AGAIN}.", file=CARD
        ) from error


def stale_because(home: LakeHome, card: Card) -> str | None:
    """Why a model no longer fits the lake, the findings or the rules, as one sentence; None when it does."""
    signs, rules, exceptions = made_from()
    if dict(card.rules) != rules or card.exceptions != exceptions:
        return f"The rules changed after the model was trained; {_AGAIN}."
    if card.signs != signs or dict(card.parameters) != parameters():
        return f"The model was trained on other signs; {_AGAIN}."
    if card.lake != open_tables(home).digest.digest:
        return f"The lake changed after the model was trained; run `python -m detect`, then {_AGAIN[4:]}."
    if card.findings != findings_in_force(home):
        return f"Detection ran again after the model was trained; {_AGAIN}."
    return None


def read_model(home: LakeHome) -> tuple[Card, str]:
    """The card and text of a model that may be used now.

    InputError when nothing was trained or the model is stale, UnreadableSource when it is damaged.
    """
    card = read_card(home)
    if card is None:
        raise InputError("No model was trained; run `python -m detect train --labels FILE`.")
    why = stale_because(home, card)
    if why is not None:
        raise InputError(why)
    path = home.models / _file_name(card)
    if not unbroken(path, card.model):
        raise UnreadableSource(f"The learned model is missing or damaged on disk; {_AGAIN}.", file=path.name)
    return card, path.read_text(encoding="utf-8")


def model_stamp(home: LakeHome) -> str:
    """Changes whenever another model is put in force or its files are touched; "" without one."""
    files = sorted(home.models.glob("*")) if home.models.is_dir() else []
    return "" if not files else repr([(path.name, path.stat().st_mtime_ns) for path in files])


def _file_name(card: Card) -> str:
    return f"{card.model[:20]}.txt"


def _as_json(card: Card) -> dict[str, Any]:
    return {
        "format": 1,
        "lake": card.lake,
        "findings": card.findings,
        "labels": card.labels,
        "labelled": dict(card.labelled),
        "signs": list(card.signs),
        "rules": {rule: list(said) for rule, said in card.rules.items()},
        "exceptions": card.exceptions,
        "parameters": dict(card.parameters),
        "folds": [fold_record(fold) for fold in card.folds],
        "pooled": [figures.as_dict() for figures in card.pooled],
        "model": card.model,
    }


def fold_record(fold: FoldFigures) -> dict[str, Any]:
    """One test as plain values for JSON."""
    return {
        "at": fold.at,
        "until": fold.until,
        "trained": fold.trained,
        "learned": fold.learned.as_dict(),
        "rule": fold.rule.as_dict(),
    }


def _from_json(raw: Mapping[str, Any]) -> Card:
    if raw["format"] != 1:
        raise ValueError("another format")
    folds = tuple(
        FoldFigures(
            one["at"],
            one["until"],
            one["trained"],
            Figures.from_dict(one["learned"]),
            Figures.from_dict(one["rule"]),
        )
        for one in raw["folds"]
    )
    learned, rule = (Figures.from_dict(one) for one in raw["pooled"])
    return Card(
        raw["lake"],
        raw["findings"],
        raw["labels"],
        raw["labelled"],
        tuple(raw["signs"]),
        {rule_id: (revision, digest) for rule_id, (revision, digest) in raw["rules"].items()},
        raw["exceptions"],
        raw["parameters"],
        folds,
        (learned, rule),
        raw["model"],
    )
