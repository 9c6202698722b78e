"""Data doctor: grades of files and accounts, gaps, impossible times, overlaps, values too many share."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from export.signs import local_text
from graph.contract import Ref
from graph.schema.kinds import Mask
from graph.schema.masks import mask_value
from ingest.doctor import Examination, examine
from ingest.doctor.times import KINDS
from ui.desk import Desk, kept_while
from ui.navigate import open_on_chart
from ui.source_rows import show_rows
from ui.tables import Row, show_table

_SHOWN = 500


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.doctor"))
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    found = _examined(desk)
    _figures(desk, found)
    parts: dict[str, Callable[[Desk, Examination], None]] = {
        "files": _files,
        "accounts": _accounts,
        "gaps": _gaps,
        "times": _times,
        "overlaps": _overlaps,
        "shared": _shared,
        "merged": _merged,
    }
    for tab, draw in zip(st.tabs([words(f"doctor.{name}") for name in parts]), parts.values(), strict=True):
        with tab:
            draw(desk, found)


def _examined(desk: Desk) -> Examination:
    """Examined once for each settling and session: a file of repeated rows alone changes no table."""
    state = f"{desk.state} {desk.tables.made_of}"
    return kept_while("examination", state, desk.words("doctor.working"), lambda: examine(desk.home))


def _figures(desk: Desk, found: Examination) -> None:
    words = desk.words
    of_files = _by_grade(found.file_grades)
    figures = {
        words("doctor.files"): of_files,
        words("doctor.accounts"): _by_grade(found.grades),
        words("doctor.gaps"): f"{found.gaps.height:,}",
        words("doctor.times"): f"{found.times.height:,}",
        words("doctor.overlaps"): f"{found.overlaps.height:,}",
    }
    for column, (label, value) in zip(st.columns([2, 3, 1, 1, 1]), figures.items(), strict=True):
        column.metric(
            label, value, border=True, help=words("doctor.grade_help") if value == of_files else None
        )


def _by_grade(graded: pl.DataFrame) -> str:
    counts = sorted(graded["grade"].value_counts().iter_rows())
    return " · ".join(f"{name} {count:,}" for name, count in counts) or "—"


def _table(desk: Desk, rows: list[Row], key: str, total: int, select: bool = False) -> int | None:
    words = desk.words
    if not rows:
        st.success(words("doctor.none"), icon=":material/check:")
        return None
    if total > len(rows):
        st.caption(words("doctor.shown", n=f"{total:,}", shown=f"{len(rows):,}"))
    return show_table(desk, rows, key=f"doctor-{key}", download=f"doctor-{key}", select=select)


def _files(desk: Desk, found: Examination) -> None:
    words = desk.words
    worst_first = found.file_grades.sort("grade", "file", descending=[True, False])
    rows: list[Row] = [
        {
            words("load.file"): row["file"],
            words("doctor.grade"): row["grade"],
            words("doctor.kept"): f"{row['kept']:.2%}",
            words("doctor.follow"): f"{row['held']:,} / {row['links']:,}" if row["links"] else "",
        }
        for row in worst_first.iter_rows(named=True)
    ]
    _table(desk, rows, "files", len(rows))


def _accounts(desk: Desk, found: Examination) -> None:
    words = desk.words
    st.caption(words("doctor.note_accounts"))
    below = found.grades.filter(pl.col("grade") != "A").sort(
        "broken", "grade", "ledger", descending=[True, True, False]
    )
    shown = below.head(_SHOWN).to_dicts()
    rows: list[Row] = [
        {
            words("doctor.account"): _account(desk, row["ledger"]),
            words("doctor.grade"): row["grade"],
            words("doctor.links"): row["links"],
            words("doctor.broken"): row["broken"],
        }
        for row in shown
    ]
    chosen = _table(desk, rows, "accounts", below.height, select=True)
    if chosen is not None and st.button(words("gangs.open_chart"), key="doctor-open"):
        open_on_chart([Ref("Account", shown[chosen]["ledger"])])


def _account(desk: Desk, key: str) -> str:
    return desk.scope.key(Ref("Account", key))


def _gaps(desk: Desk, found: Examination) -> None:
    words = desk.words
    st.caption(words("doctor.note_gaps"))
    rows: list[Row] = [
        {
            words("doctor.account"): _account(desk, row["ledger"]),
            words("doctor.from"): local_text(row["from_at"]),
            words("doctor.to"): local_text(row["to_at"]),
            words("doctor.missing"): f"{row['missing_fen'] / 100:,.2f}",
        }
        for row in found.gaps.head(_SHOWN).iter_rows(named=True)
    ]
    _table(desk, rows, "gaps", found.gaps.height)


def _times(desk: Desk, found: Examination) -> None:
    words = desk.words
    shown = found.times.head(_SHOWN).to_dicts()
    rows: list[Row] = [
        {
            words("doctor.kind"): KINDS[row["kind"]][0 if words.language == "zh" else 1],
            words("doctor.at"): local_text(row["at"]),
            words("doctor.against"): local_text(row["against"]),
        }
        for row in shown
    ]
    chosen = _table(desk, rows, "times", found.times.height, select=True)
    if chosen is not None:
        show_rows(desk, [(shown[chosen]["source"], shown[chosen]["row"])], key="doctor-time")


def _overlaps(desk: Desk, found: Examination) -> None:
    words = desk.words
    st.caption(words("doctor.note_overlaps"))
    names = {record.sha256: record.file for record in found.files}
    rows: list[Row] = [
        {
            words("doctor.first"): names.get(row["first"], row["first"][:12]),
            words("doctor.second"): names.get(row["second"], row["second"][:12]),
            words("doctor.equal"): row["rows"],
        }
        for row in found.overlaps.head(_SHOWN).iter_rows(named=True)
    ]
    _table(desk, rows, "overlaps", found.overlaps.height)


_MASKS = {"phone": Mask.PHONE, "address": Mask.ADDRESS}


def _shared(desk: Desk, found: Examination) -> None:
    words = desk.words
    st.caption(words("doctor.note_shared"))
    rows: list[Row] = [
        {
            words("doctor.kind"): row["kind"],
            words("doctor.value"): row["value"]
            if desk.scope.full or row["never_identifies"]
            else mask_value(row["value"], _MASKS.get(row["kind"], Mask.HANDLE)),
            words("doctor.users"): row["users"],
            words("doctor.never"): "✓" if row["never_identifies"] else "",
        }
        for row in found.shared.head(_SHOWN).iter_rows(named=True)
    ]
    _table(desk, rows, "shared", found.shared.height)


def _merged(desk: Desk, found: Examination) -> None:
    words, report = desk.words, found.report
    money: dict[str, Any] = report.get("money", {})
    turned: dict[str, Any] = report.get("reversals", {})
    figures = {
        "mirrored": money.get("mirrored", 0),
        "ties": money.get("ties", 0),
        "reversals": turned.get("pairs", 0),
        "unpaired": turned.get("unpaired", 0),
        "failed": report.get("failed_rows", 0),
        "unclear": report.get("direction_unclear", 0),
        "conflicts": report.get("card_conflicts", 0),
        "untold": found.untold,
    }
    rows: list[Row] = [
        {words("doctor.kind"): words(f"doctor.{name}"), words("overview.count"): count}
        for name, count in figures.items()
    ]
    show_table(desk, rows, key="doctor-merged")
