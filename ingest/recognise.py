"""Recognises a file's template from its header, whatever the order and spelling of the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from graph.errors import UnknownColumns
from ingest.layouts import Layouts, built_in
from ingest.reasons import Reason
from ingest.template import Template, simple_name


@dataclass(frozen=True, slots=True)
class Recognised:
    """A template and where its fields stand; `unmapped` are the header texts no field claims."""

    template: Template
    positions: Mapping[str, int]
    unmapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """A template whose needed columns are all there."""

    template: Template
    positions: Mapping[str, int]
    repeated: Sequence[str]

    @property
    def rank(self) -> tuple[int, int, int]:
        """A layout of the user's goes before a built-in template, the one that says more before others."""
        own = self.template
        return len(own.listed), len(own.files), len(self.positions)


def header_score(texts: Sequence[str]) -> int:
    """The readers' header test for the built-in templates alone."""
    return built_in().header_score(texts)


def recognise(
    header: Sequence[str], file: str, wanted: str | None = None, layouts: Layouts | None = None
) -> Recognised:
    """The template whose required columns are all there and that explains most columns.

    wanted: a template's name to use whatever the others say. layouts: the templates in force, by default the
    built-in ones. A layout applies only to a file that has all columns it lists and a name it asks for, and
    then goes before the built-in templates. UnknownColumns with HEADER_UNKNOWN or HEADER_AMBIGUOUS (a column
    twice, or two templates that fit equally well).
    """
    known = layouts or built_in()
    candidates = [known.named(wanted)] if wanted else list(known.templates.values())
    fits = []
    for candidate in candidates:
        positions, repeated = find_positions(candidate, header)
        if _applies(candidate, header, file, wanted) and not missing_needs(candidate, positions):
            fits.append(_Fit(candidate, positions, repeated))
    if not fits:
        raise _unknown(file, header, known.named(wanted) if wanted else None)
    best = max(fit.rank for fit in fits)
    winners = [fit for fit in fits if fit.rank == best]
    if len(winners) > 1:
        names = ", ".join(fit.template.layout for fit in winners)
        raise _ambiguous(file, f"the header fits {names}")
    winner = winners[0]
    if winner.repeated:
        raise _ambiguous(file, f"the column {winner.repeated[0]} stands there twice")
    taken = set(winner.positions.values())
    unmapped = tuple(text for i, text in enumerate(header) if i not in taken and text.strip())
    return Recognised(winner.template, winner.positions, unmapped)


def find_positions(candidate: Template, header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Field -> column index, and the columns named more than once (the first of them counts)."""
    positions: dict[str, int] = {}
    repeated: list[str] = []
    for index, text in enumerate(header):
        field = candidate.field_of(text)
        if field is None:
            continue
        if field in positions:
            repeated.append(candidate.columns[field].header)
        positions.setdefault(field, index)
    return positions, repeated


def missing_needs(candidate: Template, fields: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The groups of needed columns of which none is there."""
    return [group for group in candidate.header_needs if not any(field in fields for field in group)]


def _applies(candidate: Template, header: Sequence[str], file: str, wanted: str | None) -> bool:
    if candidate.built_in:
        return True
    there = {simple_name(text) for text in header}
    named = wanted is not None or not candidate.files
    return there.issuperset(candidate.listed) and (
        named or any(fnmatchcase(file, p) for p in candidate.files)
    )


def _unknown(file: str, header: Sequence[str], chosen: Template | None) -> UnknownColumns:
    lacks = lacks_zh = ""
    if chosen is not None:
        groups = missing_needs(chosen, find_positions(chosen, header)[0])
        names = list(dict.fromkeys(chosen.columns[group[0]].header for group in groups))
        there = {simple_name(text) for text in header}
        names += [name for name in chosen.listed if name not in there]
        lacks = f" ({chosen.layout} lacks {', '.join(names)})"
        lacks_zh = f"（{chosen.zh}缺少：{'、'.join(names)}）"
    return UnknownColumns(
        f"{file}{lacks}: {Reason.HEADER_UNKNOWN.en}",
        code=Reason.HEADER_UNKNOWN.value,
        file=file,
        zh=f"{lacks_zh}{Reason.HEADER_UNKNOWN.zh}",
    )


def _ambiguous(file: str, detail: str) -> UnknownColumns:
    return UnknownColumns(
        f"{file} ({detail}): {Reason.HEADER_AMBIGUOUS.en}",
        code=Reason.HEADER_AMBIGUOUS.value,
        file=file,
        zh=Reason.HEADER_AMBIGUOUS.zh,
    )
