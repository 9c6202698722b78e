"""Proposes a template and a field for each column of an unknown table, with reasons; loads nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from ingest.layouts import Layouts
from ingest.mapping.evidence import Evidence
from ingest.mapping.looks import Look
from ingest.mapping.names import Likeness, likeness
from ingest.recognise import missing_needs
from ingest.template import Template
from ingest.unknown import UnknownTable

ENOUGH = 0.4
"""Below this a field is not proposed, and a template only weakly."""
_CLOSE = 0.08
_BETTER = 0.15
_NAME, _LOOK = 0.6, 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field for a column: score (0 to 1) and the reasons in both languages."""

    field: str
    score: float
    zh: tuple[str, ...]
    en: tuple[str, ...]
    by_name: bool = False
    """Whether the template already knows the name."""


@dataclass(frozen=True, slots=True)
class ColumnProposal:
    """One column: the proposed field, None when nothing fits or when more than one does as well.

    candidates: best first, at most three. ambiguous: why no field is proposed although some fit (column
    headers or field names that compete), empty otherwise.
    """

    index: int
    header: str
    field: str | None
    candidates: tuple[Candidate, ...]
    ambiguous: tuple[str, ...]
    filled: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a table most likely is; a person decides.

    missing: needed groups of fields that no column is proposed for. direction_codes: what the balances say
    about codes that no template knows.
    """

    template: Template
    score: float
    runner_up: tuple[str, float] | None
    columns: tuple[ColumnProposal, ...]
    missing: tuple[tuple[str, ...], ...]
    direction_codes: Mapping[str, str]

    @property
    def weak(self) -> bool:
        """Whether no template fits well: then a person names the template too."""
        return self.score < ENOUGH

    @property
    def fields(self) -> dict[int, str]:
        """Column index -> proposed field."""
        return {column.index: column.field for column in self.columns if column.field is not None}


@dataclass(slots=True)
class _Fit:
    """One template tried on the table: every candidate, and the best field of each column."""

    template: Template
    candidates: dict[tuple[int, str], Candidate]
    chosen: dict[int, str]
    score: float


def propose(table: UnknownTable, layouts: Layouts, wanted: str | None = None) -> Proposal:
    """The best template and fields. Equal input gives an equal proposal; ties go by name.

    wanted: only this built-in template. Templates that a person declared are not proposed: they apply by
    themselves where they fit.
    """
    kinds = [t for t in layouts.templates.values() if t.built_in]
    if wanted is not None:
        kinds = [layouts.named(layouts.named(wanted).name)]
    evidence = Evidence(table, layouts.named("bank_sheet"))
    fits = sorted((_fit(table, kind, evidence) for kind in kinds), key=lambda f: (-f.score, f.template.name))
    best = fits[0]
    columns = tuple(_column(table, best, index, len(cells)) for index, cells in evidence.texts.items())
    fields = {column.field: column.index for column in columns if column.field is not None}
    codes = _direction_codes(best.template, fields, evidence)
    runner_up = (fits[1].template.name, round(fits[1].score, 2)) if len(fits) > 1 else None
    missing = tuple(missing_needs(best.template, fields))
    return Proposal(best.template, round(best.score, 2), runner_up, columns, missing, codes)


def _fit(table: UnknownTable, kind: Template, evidence: Evidence) -> _Fit:
    candidates: dict[tuple[int, str], Candidate] = {}
    for index in evidence.texts:
        header = table.grid.header[index]
        known = kind.field_of(header)
        for field, column in kind.columns.items():
            name = likeness(header, column, known == field)
            seen, balance = evidence.look(index, column, kind), evidence.balance(index, column)
            candidate = _candidate(field, name, seen, balance)
            if candidate.score > 0:
                candidates[index, field] = candidate
    chosen = _assign(list(evidence.texts), list(kind.columns), candidates)
    return _Fit(kind, candidates, chosen, _template_score(kind, chosen, candidates, len(evidence.texts)))


def _candidate(field: str, name: Likeness, seen: Look, balance: Look) -> Candidate:
    if seen.score <= -1.0:
        # A name the template knows counts although the values speak against it: loading would take it too.
        score = 0.5 if name.known else 0.0
    else:
        score = _NAME * name.score + _LOOK * seen.score + balance.score
    zh = tuple(text for text in (name.zh, *seen.zh, *balance.zh) if text)
    en = tuple(text for text in (name.en, *seen.en, *balance.en) if text)
    return Candidate(field, round(min(max(score, 0.0), 1.0), 4), zh, en, name.known)


def _assign(
    indexes: Sequence[int], fields: Sequence[str], candidates: Mapping[tuple[int, str], Candidate]
) -> dict[int, str]:
    """One field a column and one column a field, with the greatest sum of scores of at least ENOUGH."""
    worth = np.zeros((len(indexes), len(fields)))
    for row, index in enumerate(indexes):
        for at, field in enumerate(fields):
            found = candidates.get((index, field))
            if found is not None and found.score >= ENOUGH:
                worth[row, at] = found.score
    rows, places = linear_sum_assignment(worth, maximize=True)
    pairs = zip(rows.tolist(), places.tolist(), strict=True)
    return {indexes[row]: fields[at] for row, at in pairs if worth[row, at] > 0}


def _template_score(
    kind: Template, chosen: Mapping[int, str], candidates: Mapping[tuple[int, str], Candidate], width: int
) -> float:
    """Seven parts how well the needed columns are there, three parts how much of the table is explained."""
    by_field = {field: candidates[index, field].score for index, field in chosen.items()}
    needs = [max((by_field.get(f, 0.0) for f in group), default=0.0) for group in kind.header_needs]
    explained = sum(by_field.values()) / max(width, 1)
    return 0.7 * sum(needs) / max(len(needs), 1) + 0.3 * min(explained, 1.0)


def _column(table: UnknownTable, fit: _Fit, index: int, filled: int) -> ColumnProposal:
    own = sorted(
        (c for (at, _), c in fit.candidates.items() if at == index), key=lambda c: (-c.score, c.field)
    )
    chosen = fit.chosen.get(index)
    rivals = _rivals(table, fit, index, chosen) if chosen is not None else ()
    first = sorted(own, key=lambda c: c.field != chosen)[:3]
    field = None if rivals else chosen
    return ColumnProposal(index, table.grid.header[index].strip(), field, tuple(first), rivals, filled)


def _rivals(table: UnknownTable, fit: _Fit, index: int, chosen: str) -> tuple[str, ...]:
    """Fields and columns that fit about as well: then nobody but a person may say which it is."""
    mine = fit.candidates[index, chosen]
    found = []
    for (at, field), other in sorted(fit.candidates.items()):
        if other.score < max(mine.score - _CLOSE, ENOUGH) or other.by_name != mine.by_name:
            continue
        if at == index and field != chosen and not _held_better(fit, field, other.score):
            found.append(field)
        if at != index and field == chosen and not _placed_better(fit, at, other.score):
            found.append(table.grid.header[at].strip())
    return tuple(found)


def _held_better(fit: _Fit, field: str, score: float) -> bool:
    """Whether some column holds the field with a clearly better score."""
    holders = [at for at, taken in fit.chosen.items() if taken == field]
    return any(fit.candidates[at, field].score >= score + _BETTER for at in holders)


def _placed_better(fit: _Fit, index: int, score: float) -> bool:
    """Whether the column has a clearly better field."""
    field = fit.chosen.get(index)
    return field is not None and fit.candidates[index, field].score >= score + _BETTER


def _direction_codes(kind: Template, fields: Mapping[str, int], evidence: Evidence) -> Mapping[str, str]:
    """What unknown direction codes mean by the balances; known words need no declaration."""
    for field, index in fields.items():
        if kind.columns[field].kind == "direction":
            return evidence.direction_codes(index)
    return {}
