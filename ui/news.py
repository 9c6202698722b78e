"""What newer rows bring, asked for without running the whole detection: findings the stored results lack."""

import streamlit as st

from detect.pipeline import new_findings
from detect.results import Detection
from detect.since.news import News
from graph.errors import DuanlianError
from ui.desk import Desk, kept_while
from ui.explanation import show_explanation
from ui.finding_row import finding_row
from ui.rule_titles import rules_by_id
from ui.tables import show_table

_SHOWN = 500


def shows_news(desk: Desk, found: Detection) -> bool:
    """While the data is newer than `found`, offer what newer rows bring; True when that is shown."""
    if found.lake_digest == desk.tables.digest.digest:
        return False
    words = desk.words
    chosen = st.segmented_control(
        words("news.look_at"),
        ("stored", "news"),
        default="stored",
        format_func=lambda name: words(f"news.{name}"),
        key="news-look-at",
        required=True,
    )
    if chosen != "news":
        return False

    def make() -> News:
        return new_findings(desk.home, tuple(rules_by_id().values()))

    stamp = f"{desk.state} {found.lake_digest} {len(found.findings)}"
    try:
        _show(desk, kept_while("kept_news", stamp, words("news.working"), make))
    except DuanlianError as error:
        st.error(error.message)
    return True


def _show(desk: Desk, news: News) -> None:
    words, brought = desk.words, (*news.new, *news.other)
    counts = words("news.counts", n=len(news.new), other=len(news.other), gone=len(news.gone))
    st.caption(f"{counts} {words('news.note')}")
    if news.revised:
        st.caption(words("news.revised", names=", ".join(news.revised)))
    if not brought:
        st.info(words("news.nothing"), icon=":material/info:")
        return
    rows = [
        {words("news.kind"): words("news.new" if place < len(news.new) else "news.other")}
        | finding_row(desk, one)
        for place, one in enumerate(brought[:_SHOWN])
    ]
    picked = show_table(desk, rows, key="news", download="news", select=True)
    show_explanation(desk, brought[picked or 0], brought)
