"""Load data: choose files, watch them being read, see each file's row account and every refusal."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from graph.errors import DuanlianError
from ingest.ledger import FileRecord
from ingest.load import LoadResult, find_files, load_files
from ingest.reasons import Reason
from ingest.settle import settle
from ingest.settled import is_settled
from ingest.template import templates
from ui.column_mapping import offer_mapping
from ui.desk import Desk
from ui.detect_button import detect_button
from ui.files import file_records, grades_by_file, rejects_by_file
from ui.plain_text import as_text
from ui.rejects import show_rejects
from ui.tables import show_table
from ui.words import Language


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.load"))
    uploads = st.file_uploader(words("load.upload"), accept_multiple_files=True, key="uploads")
    folder = st.text_input(words("load.folder"), key="load_folder")
    if st.button(words("load.start"), type="primary", key="load-start", icon=":material/upload:"):
        _start(desk, uploads or [], folder.strip())
    last = st.session_state.get("load_result")
    if isinstance(last, LoadResult):
        st.subheader(words("load.result"))
        show_table(desk, [_row(desk, record) for record in last.records], key="load-result")
        sentences = last.messages_zh if words.language == "zh" else last.messages
        for sentence in sentences.values():
            st.warning(as_text(sentence), icon=":material/report:")
        if last.changed:
            detect_button(desk, again=True)
    offer_mapping(desk, lambda path: _load_mapped(desk, path))
    _on_record(desk)


def _start(desk: Desk, uploads: Sequence[Any], folder: str) -> None:
    words = desk.words
    if not uploads and not folder:
        st.info(words("load.nothing"))
        return
    if folder and not Path(folder).exists():
        st.error(words("load.no_folder"))
        return
    shelf = desk.home.root / "uploads"
    shutil.rmtree(shelf, ignore_errors=True)  # what an interrupted load left may name informants
    try:
        files = find_files([Path(folder)]) if folder else []
        files += _saved(shelf, uploads)
        st.session_state["load_result"] = _load(desk, files)
    except DuanlianError as error:
        st.error(error.message)
        return
    finally:
        shutil.rmtree(shelf, ignore_errors=True)
    st.rerun()


def _load_mapped(desk: Desk, path: Path) -> None:
    """Load a file whose columns a person has just named."""
    st.session_state["load_result"] = _load(desk, [path])
    st.rerun()


def _load(desk: Desk, files: Sequence[Path]) -> LoadResult:
    words, total, done = desk.words, len(files), 0
    bar = st.progress(0.0, text=words("load.progress", n=1, total=total))

    def advance(_: Path) -> None:
        nonlocal done
        done += 1
        bar.progress(done / (total + 1), text=words("load.progress", n=min(done + 1, total), total=total))

    result = load_files(desk.home, files, progress=advance)
    if result.changed or not is_settled(desk.home):
        bar.progress(total / (total + 1), text=words("load.settle"))
        settle(desk.home)
    bar.empty()
    return result


def _saved(shelf: Path, uploads: Sequence[Any]) -> list[Path]:
    """The uploaded files under their own names, each in a folder of its own: two may have the same name."""
    places = []
    for number, upload in enumerate(uploads):
        place = shelf / str(number) / (Path(upload.name).name or "upload")
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(upload.getbuffer())
        places.append(place)
    return places


def _row(desk: Desk, record: FileRecord) -> dict[str, Any]:
    words = desk.words
    return {
        words("load.file"): record.file,
        words("load.template"): _titles(record.template, words.language),
        words("load.rows_in"): record.rows_in,
        words("load.loaded"): record.loaded,
        words("load.duplicates"): record.duplicates,
        words("load.rejected"): record.rejected,
        words("load.state"): words(f"load.state_{record.state.replace(' ', '_')}"),
        words("load.reason"): _sentence(record.code, words.language),
    }


def _on_record(desk: Desk) -> None:
    words = desk.words
    records = file_records(desk.home)
    if not records:
        st.info(words("empty.lake"), icon=":material/info:")
        return
    st.subheader(words("load.ledger"))
    grades = grades_by_file(desk.home)
    # What needs a look comes first, the rest in the order of loading.
    ordered = sorted(records, key=lambda record: (not record.code, not record.rejected))
    rows = [_row(desk, record) | {words("doctor.grade"): grades.get(record.sha256, "")} for record in ordered]
    show_table(desk, rows, key="ledger", download="ledger")
    names = {record.sha256: record.file for record in records}
    rejects = rejects_by_file(desk.home)
    rows = [
        {
            words("load.file"): names.get(sha256, sha256[:12]),
            words("load.reason"): f"{code} {_sentence(code, words.language)}",
            words("load.rejected"): count,
        }
        for sha256, by_code in rejects.items()
        for code, count in by_code.items()
    ]
    if rows:
        st.subheader(words("load.rejects"))
        show_table(desk, rows, key="rejects", download="rejects")
        show_rejects(desk, {sha256: names.get(sha256, sha256[:12]) for sha256 in rejects})


def _titles(names: str, language: Language) -> str:
    """What the templates of a file are called; a layout of the user's own keeps its name."""
    known = {name: one.zh if language == "zh" else one.en for name, one in templates().items()}
    return " + ".join(known.get(name, name) for name in names.split("+"))


def _sentence(code: str, language: Language) -> str:
    known = {reason.value: reason for reason in Reason}
    return "" if code not in known else (known[code].zh if language == "zh" else known[code].en)
