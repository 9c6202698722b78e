"""Recognises a file's template from its header, whatever the order and spelling of the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from graph.errors import UnknownColumns
from ingest.reasons import Reason
from ingest.template import Template, simple_name, template, templates


@dataclass(frozen=True, slots=True)
class Recognised:
    """A template and where its fields stand; `unmapped` are the header texts no field claims."""

    template: Template
    positions: Mapping[str, int]
    unmapped: tuple[str, ...]


@cache
def known_names() -> frozenset[str]:
    """Every simplified column name of every template."""
    return frozenset(n for t in templates().values() for column in t.columns.values() for n in column.names)


def header_score(texts: Sequence[str]) -> int:
    """How many texts of a row are column names of some template: the readers' header test."""
    names = known_names()
    return sum(1 for text in texts if text and len(text) <= 64 and simple_name(text) in names)


def recognise(header: Sequence[str], file: str, wanted: str | None = None) -> Recognised:
    """The template whose required columns are all there and that explains most columns.

    wanted: a template's name to use whatever the others say. UnknownColumns with HEADER_UNKNOWN or
    HEADER_AMBIGUOUS (a column twice, or two templates that fit equally well).
    """
    candidates = [template(wanted)] if wanted else list(templates().values())
    fits = []
    for candidate in candidates:
        positions, repeated = _positions(candidate, header)
        if all(any(field in positions for field in group) for group in candidate.header_needs):
            fits.append((len(positions), candidate, positions, repeated))
    if not fits:
        raise _unknown(file, header, wanted)
    best = max(count for count, *_ in fits)
    winners = [fit for fit in fits if fit[0] == best]
    if len(winners) > 1:
        names = ", ".join(winner[1].name for winner in winners)
        raise _ambiguous(file, f"the header fits {names}")
    _, chosen, positions, repeated = winners[0]
    if repeated:
        raise _ambiguous(file, f"the column {repeated[0]} stands there twice")
    taken = set(positions.values())
    unmapped = tuple(text for i, text in enumerate(header) if i not in taken and text.strip())
    return Recognised(chosen, positions, unmapped)


def names_informant(texts: Sequence[str]) -> bool:
    """Whether a row of texts holds a column name that only the vault may store."""
    vault = {
        n
        for t in templates().values()
        for c in t.columns.values()
        if c.vault and c.field != "content"
        for n in c.names
    }
    return any(simple_name(text) in vault for text in texts if len(text) <= 64)


def _positions(candidate: Template, header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    owner = {name: column for column in candidate.columns.values() for name in column.names}
    positions: dict[str, int] = {}
    repeated: list[str] = []
    for index, text in enumerate(header):
        column = owner.get(simple_name(text))
        if column is None:
            continue
        if column.field in positions:
            repeated.append(column.header)
        positions.setdefault(column.field, index)
    return positions, repeated


def _unknown(file: str, header: Sequence[str], wanted: str | None) -> UnknownColumns:
    missing = ""
    if wanted:
        chosen = template(wanted)
        positions, _ = _positions(chosen, header)
        groups = [g for g in chosen.header_needs if not any(f in positions for f in g)]
        missing = f" ({wanted} lacks {', '.join(chosen.columns[g[0]].header for g in groups)})"
    return UnknownColumns(
        f"{file}{missing}: {Reason.HEADER_UNKNOWN.en}",
        code=Reason.HEADER_UNKNOWN.value,
        file=file,
        zh=Reason.HEADER_UNKNOWN.zh,
    )


def _ambiguous(file: str, detail: str) -> UnknownColumns:
    return UnknownColumns(
        f"{file} ({detail}): {Reason.HEADER_AMBIGUOUS.en}",
        code=Reason.HEADER_AMBIGUOUS.value,
        file=file,
        zh=Reason.HEADER_AMBIGUOUS.zh,
    )
