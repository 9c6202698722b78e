"""The panel that asks a person what the columns of an unknown file mean, proposes, and keeps the answer."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from graph.errors import DuanlianError
from ingest.ledger import QUARANTINED, FileRecord
from ingest.mapping import ColumnProposal, Proposal, UnknownTable, propose
from ingest.mapping.preview import preview, samples
from ingest.mapping.reading import look_at
from ingest.mapping.save import Confirmed, decide, recognised, save_layout
from ingest.overlay import layouts_in
from ingest.reasons import Reason
from ingest.template import templates
from ui.desk import Desk
from ui.files import file_records
from ui.plain_text import as_text
from ui.tables import show_table

_CODES = (Reason.HEADER_UNKNOWN.value, Reason.HEADER_AMBIGUOUS.value)
_WIDTHS = (2, 3, 2, 4)


def offer_mapping(desk: Desk, load: Callable[[Path], None]) -> None:
    """Draw the panel when a file waits for its columns to be named, else nothing.

    load: loads one file and shows its result; called only after a person saved the mapping.
    """
    words = desk.words
    waiting = {record.sha256: record for record in _waiting(desk)}
    if not waiting:
        return
    st.subheader(words("map.title"))
    st.caption(words("map.help"))
    picked = st.selectbox(
        words("load.waiting_of"),
        list(waiting),
        index=None,
        format_func=lambda sha256: waiting[sha256].file,
        placeholder=words("map.choose"),
        key="map-file",
    )
    if picked is None:
        return
    try:
        _one_file(desk, waiting[picked], load)
    except DuanlianError as error:
        zh = error.facts.get("zh") if words.language == "zh" else None
        st.error(as_text(str(zh or error.message)))


def _waiting(desk: Desk) -> list[FileRecord]:
    """Quarantined files whose header nobody knew and whose original lies in the open store."""
    return [
        record
        for record in file_records(desk.home)
        if record.state == QUARANTINED
        and record.code in _CODES
        and (desk.home.originals / record.sha256).is_file()
    ]


def _one_file(desk: Desk, record: FileRecord, load: Callable[[Path], None]) -> None:
    words = desk.words
    table, first = _proposed(desk, record, None)
    kinds = [first.template.name, *(name for name in templates() if name != first.template.name)]
    kind = st.selectbox(
        words("map.template"),
        kinds,
        format_func=lambda name: _title(desk, name),
        key=f"map-kind-{record.sha256}",
    )
    table, proposal = (table, first) if kind == first.template.name else _proposed(desk, record, kind)
    st.caption(
        words(
            "map.found",
            template=_title(desk, kind),
            score=f"{proposal.score:.2f}",
            line=table.grid.header_line,
        )
    )
    if proposal.weak:
        st.warning(words("map.weak"), icon=":material/help:")
    said = _columns(desk, record, table, proposal)
    if proposal.direction_codes:
        codes = ", ".join(f"{code} = {words(f'map.{way}')}" for code, way in proposal.direction_codes.items())
        st.info(words("map.codes", codes=as_text(codes)), icon=":material/balance:")
    _outcome(desk, record, table, proposal, said, load)


def _columns(desk: Desk, record: FileRecord, table: UnknownTable, proposal: Proposal) -> dict[str, str]:
    """One line a column with its select box; what was chosen, by column number."""
    words, said = desk.words, {}
    for box, title in zip(st.columns(_WIDTHS), ("column", "values", "field", "why"), strict=True):
        box.markdown(f"**{words('map.' + title)}**")
    fields = ["", *proposal.template.columns]
    for column in proposal.columns:
        name, values, choice, why = st.columns(_WIDTHS, vertical_alignment="center")
        name.text(column.header)
        values.text(" | ".join(_samples(desk, table, proposal, column)))
        chosen = choice.selectbox(
            f"#{column.index + 1}",
            fields,
            index=fields.index(column.field or ""),
            format_func=lambda field: _field_label(desk, proposal, field),
            label_visibility="collapsed",
            key=f"map-{record.sha256[:12]}-{proposal.template.name}-{column.index}",
        )
        said[f"#{column.index + 1}"] = chosen
        why.caption(as_text(_reason(desk, proposal, column)))
    return said


def _outcome(
    desk: Desk,
    record: FileRecord,
    table: UnknownTable,
    proposal: Proposal,
    said: Mapping[str, str],
    load: Callable[[Path], None],
) -> None:
    """Ten cleaned rows, and the button that keeps the mapping; a sentence where something is missing."""
    words = desk.words
    name = st.text_input(
        words("map.name"), f"layout_{record.sha256[:6]}", key=f"map-name-{record.sha256[:12]}"
    )
    known, text = recognised(name, table, proposal, decide(table, proposal, said))
    shown = preview(table, known, full=desk.scope.full)
    labels = {field: _field_label(desk, proposal, field) for field in shown.fields}
    rows = [
        {labels[field]: _shown(desk, proposal, field, value) for field, value in row.items()}
        for row in shown.rows
    ]
    st.caption(words("map.preview"))
    show_table(desk, rows, key="map-preview")
    rejected = ", ".join(f"{code} {count}" for code, count in shown.rejected.items()) or "0"
    st.caption(words("map.rows", passed=shown.passed, rejected=rejected))
    if st.button(words("map.save"), type="primary", key="map-save", icon=":material/check:"):
        save_layout(desk.home, name, text, Confirmed(desk.settings.user, datetime.now(UTC)))
        _load_again(desk, record, load)


def _load_again(desk: Desk, record: FileRecord, load: Callable[[Path], None]) -> None:
    """Load the stored original under its own name."""
    shelf = desk.home.root / "uploads"
    place = shelf / "mapped" / record.file.rpartition("/")[2]
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(desk.home.originals / record.sha256, place)
        load(place)
    finally:
        shutil.rmtree(shelf, ignore_errors=True)


def _proposed(desk: Desk, record: FileRecord, kind: str | None) -> tuple[UnknownTable, Proposal]:
    """The file's first rows and the proposal, kept for the session: the file can't change."""
    key = f"map-proposal-{record.sha256}-{kind}"
    if key not in st.session_state:
        layouts = layouts_in(desk.home)
        with st.spinner(desk.words("map.reading")):
            table = look_at(desk.home, desk.home.originals / record.sha256, record.file, layouts)
        st.session_state[key] = (table, propose(table, layouts, kind))
    kept: tuple[UnknownTable, Proposal] = st.session_state[key]
    return kept


def _samples(desk: Desk, table: UnknownTable, proposal: Proposal, column: ColumnProposal) -> list[str]:
    """Sample values, masked by what the column most likely means."""
    guess = column.candidates[0].field if column.candidates else None
    kind = proposal.template.columns[guess].kind if guess else ""
    return samples(table, column.index, guess, kind, full=desk.scope.full)


def _reason(desk: Desk, proposal: Proposal, column: ColumnProposal) -> str:
    if column.ambiguous:
        names = [column.candidates[0].field, *column.ambiguous]
        known = [_field_label(desk, proposal, n) if n in proposal.template.columns else n for n in names]
        return desk.words("map.ambiguous", names=", ".join(known))
    if column.field is None or not column.candidates:
        return desk.words("map.none")
    best = column.candidates[0]
    reasons = best.zh if desk.words.language == "zh" else best.en
    return f"{best.score:.2f} · " + ("；" if desk.words.language == "zh" else "; ").join(reasons)


def _field_label(desk: Desk, proposal: Proposal, field: str) -> str:
    if not field:
        return desk.words("map.unused")
    column = proposal.template.columns[field]
    return column.zh if desk.words.language == "zh" else column.en


def _shown(desk: Desk, proposal: Proposal, field: str, value: str) -> str:
    """A preview's cell; a direction in words."""
    if value and proposal.template.columns[field].kind == "direction":
        return desk.words(f"map.{value}")
    return value


def _title(desk: Desk, name: str) -> str:
    kind = templates()[name]
    return kind.zh if desk.words.language == "zh" else kind.en
