"""The saved charts as they stand: versions, comments, sharing; a damaged one is named, others open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cases.access import Target
from cases.charts.acts import ChartAct, act_of, charts_path, sealed_charts
from graph.contract import Ref
from graph.errors import EvidenceBroken
from graph.lake.home import LakeHome


@dataclass(frozen=True, slots=True)
class Version:
    """One saving. number: from 1. drawing: the digest of what it holds."""

    number: int
    at: datetime
    saved_by: str
    note: str
    drawing: str
    nodes: int
    lake_digest: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a chart or (about) on one node of it; withdrawn ones stay in the record, without text."""

    number: int
    at: datetime
    by: str
    text: str
    about: Ref | None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class SavedChart:
    """One chart. acts: how many things were done with it, which a writer says it has seen."""

    handle: str
    title: str
    case_no: str | None
    owner: str
    versions: tuple[Version, ...]
    comments: tuple[Comment, ...] = ()
    shared: bool = False
    withdrawn: bool = False
    acts: int = 0

    @property
    def last(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    @property
    def target(self) -> Target:
        """The chart as access decisions see it; one that was withdrawn is nobody's."""
        owner = None if self.withdrawn else self.owner
        return Target("chart", owner=owner, case=self.case_no, shared=self.shared)

    def version(self, number: int | None) -> Version | None:
        """A version by its number, the newest for None; None where there is none."""
        if number is None:
            return self.last
        return next((one for one in self.versions if one.number == number), None)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every chart of a home by its handle. damaged: those that can't be believed. problems: sentences."""

    charts: Mapping[str, SavedChart]
    damaged: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()

    def whole(self, handle: str) -> SavedChart | None:
        """A chart, None where there is none; EvidenceBroken for a damaged one."""
        if handle in self.damaged:
            raise EvidenceBroken(
                f"This chart is damaged in {charts_name()}; restore that file from a backup, others open.",
                zh=f"{charts_name()} 中这张图的记录已损坏；请从备份恢复该文件，其他图可照常打开。",
                file=charts_name(),
            )
        return self.charts.get(handle)


def charts_name() -> str:
    """The file's name, for sentences."""
    return "charts.sqlite"


def open_shelf(home: LakeHome) -> Shelf:
    """The charts of a home; none before the first. EvidenceBroken when the file is no such file at all."""
    if not charts_path(home).exists() and not sealed_charts(home).known():
        return Shelf({})
    sealed = sealed_charts(home)
    whole, broken, missing = sealed.every()
    acts: dict[str, list[ChartAct]] = {}
    damaged = {str(values["chart"]) for values, _ in broken}
    problems = [sealed.broken(f"{why.rstrip('.')} (row {row['seq']})").message for row, why in broken]
    for values in whole:
        try:
            act = act_of(values)
        except (ValueError, KeyError, TypeError):
            damaged.add(str(values["chart"]))
            problems.append(sealed.broken(f"Row {values['seq']} can't be read").message)
            continue
        acts.setdefault(act.chart, []).append(act)
    # A row cut off or given to another chart leaves a gap in the count of its own.
    damaged |= {h for h, done in acts.items() if [a.number for a in done] != list(range(1, len(done) + 1))}
    damaged |= {h for h, done in acts.items() if done[0].kind != "save"}
    charts = {h: standing(done) for h, done in acts.items() if h not in damaged}
    return Shelf(charts, frozenset(damaged), tuple(dict.fromkeys((*problems, *missing))))


def standing(done: Sequence[ChartAct]) -> SavedChart:
    """One chart after all that was done with it, oldest first; the first act is a save."""
    first = done[0]
    chart = SavedChart(first.chart, first.title, first.case_no, first.done_by, ())
    for act in done:
        chart = replace(_after(chart, act), acts=act.number)
    return chart


def _after(chart: SavedChart, act: ChartAct) -> SavedChart:
    if act.kind == "save":
        fresh = Version(
            len(chart.versions) + 1, act.at, act.done_by, act.text, act.drawing, act.nodes, act.lake_digest
        )
        return replace(chart, title=act.title, case_no=act.case_no, versions=(*chart.versions, fresh))
    if act.kind == "comment":
        about = act.about if isinstance(act.about, Ref) else None
        return replace(
            chart, comments=(*chart.comments, Comment(act.number, act.at, act.done_by, act.text, about))
        )
    if act.kind == "uncomment":
        return replace(chart, comments=tuple(_withdrawn(chart.comments, act.about)))
    if act.kind == "withdraw":
        return replace(chart, withdrawn=True)
    return replace(chart, shared=act.kind == "share")


def _withdrawn(comments: Iterable[Comment], number: object) -> Iterable[Comment]:
    for one in comments:
        yield replace(one, text="", withdrawn=True) if one.number == number else one
