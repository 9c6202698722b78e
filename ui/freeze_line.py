"""One account of the freeze queue: its amount's parts, its clocks, what is allowed, and the rows behind."""

from datetime import datetime
from typing import Any

import streamlit as st

from export.signs import local_text
from funds.freeze_now import QueueLine, QueueNow
from funds.queue_record import BASES, yuan
from funds.queue_rows import control_rows, money_rows
from graph.contract import Ref
from ui.desk import Desk
from ui.navigate import open_on_chart
from ui.plain_text import as_text
from ui.source_rows import show_rows
from ui.tables import Row, show_table
from ui.time_left import time_left


def show_line(desk: Desk, found: QueueNow, line: QueueLine, said: dict[str, Any]) -> None:
    """Draw the account; said: its record (`funds.queue_record.line_record`) with keys as they may be seen."""
    words, ref = desk.words, Ref("Account", line.account)
    st.subheader(f"{line.rank} · {said['account']}")
    st.markdown(
        words(
            "freeze.expected_of", amount=yuan(line.score.expected_fen), there=yuan(said["parts"]["value_fen"])
        )
    )
    if st.button(words("gangs.open_chart"), icon=":material/hub:", key="open-freeze"):
        open_on_chart([ref])
    for one in ([said["reason"]] if said["reason"] else []) + said["advice"]:
        st.info(one[words.language], icon=":material/info:")
    _clocks(desk, line, said)
    left, right = st.columns(2)
    with left:
        st.markdown(f"**{words('freeze.parts')}**")
        show_table(desk, _parts(desk, line, said), key="freeze-parts")
    with right:
        st.markdown(f"**{words('freeze.cases')}**")
        show_table(desk, _cases(desk, said), key="freeze-cases")
        st.markdown(f"**{words('freeze.options')}**")
        show_table(desk, _options(desk, said), key="freeze-options")
    _money(desk, found, line)
    _controls(desk, line)


def _clocks(desk: Desk, line: QueueLine, said: dict[str, Any]) -> None:
    """Every term in force with the time left; those about to end in colour and in a word."""
    words = desk.words
    due = {one["order"]: one[words.language] for one in said["warnings"]}
    for one in said["clocks"]:
        end = datetime.fromisoformat(one["ends_at"])
        text = " · ".join(
            [
                f"{words('freeze.' + one['measure'])} {one['order']} {one['document']}".strip(),
                f"{words('freeze.until')} {local_text(end)}",
                time_left(desk, end, line.now),
                *([] if one["sure"] else [words("freeze.unsure")]),
            ]
        )
        if one["order"] in due:
            st.warning(
                as_text(f"{words('freeze.due')} · {text} · {due[one['order']]}"), icon=":material/alarm:"
            )
        else:
            st.caption(as_text(text))
    for one in said["earlier"]:
        amount = words("freeze.unknown") if one["fen"] is None else yuan(one["fen"])
        st.caption(as_text(f"{words('freeze.earlier')} · {one['freezer']} · {amount}"))
    for one in said["problems"]:
        st.warning(as_text(one[words.language]), icon=":material/help:")


def _parts(desk: Desk, line: QueueLine, said: dict[str, Any]) -> list[Row]:
    words, parts, own = desk.words, said["parts"], line.score.candidate
    zh_or_en = 0 if words.language == "zh" else 1
    balance = words("freeze.unknown") if line.balance.fen is None else yuan(line.balance.fen)
    facts = {
        "victims": yuan(own.victim_fen),
        "interval": " – ".join(yuan(fen) for fen in line.interval),
        "balance": f"{balance} ({local_text(line.balance.at)})" if line.balance.at else balance,
        "earlier": yuan(own.earlier_fen),
        "value": yuan(parts["value_fen"]),
        "held": yuan(parts["held_fen"]),
        "here": parts["p_here"],
        "leaves": parts["p_leave"],
        "rests": words(
            "freeze.rests_of",
            hours=f"{float(parts['h_hours']):.2f}",
            basis=BASES[parts["h_basis"]][zh_or_en],
            exits=parts["h_exits"],
        ),
        "last_row": local_text(own.last_row_at),
        "seen_until": local_text(own.seen_until) or words("freeze.unknown"),
        "level": words("freeze.unknown") if own.level is None else str(own.level),
        "kind": kind_text(desk, line.kind),
        "stops": str(own.stops_used),
    }
    return [
        {words("freeze.part"): words(f"freeze.{name}"), words("explore.value"): text}
        for name, text in facts.items()
    ]


def kind_text(desk: Desk, kind: str) -> str:
    """The account's kind in words; a class stands for itself."""
    if not kind:
        return desk.words("freeze.unknown")
    return desk.words("freeze.corporate") if kind == "corporate" else kind


def _cases(desk: Desk, said: dict[str, Any]) -> list[Row]:
    words = desk.words
    return [
        {
            words("freeze.case"): one["case"],
            words("freeze.victims"): yuan(one["held_fen"]),
            words("freeze.interval"): " – ".join(yuan(fen) for fen in one["interval"]),
            words("freeze.level"): "" if one["level"] is None else str(one["level"]),
        }
        for one in said["cases"]
    ]


def _options(desk: Desk, said: dict[str, Any]) -> list[Row]:
    words = desk.words
    return [
        {
            words("freeze.allowed"): words("freeze.may" if one["allowed"] else "freeze.may_not"),
            words("freeze.step"): one[words.language],
        }
        for one in said["options"]
    ]


def _money(desk: Desk, found: QueueNow, line: QueueLine) -> None:
    """The rows that brought victims' money here and took it off; one chosen shows its original text."""
    words = desk.words
    rows = money_rows(desk.tables, found, line).to_dicts()
    st.markdown(f"**{words('freeze.money_rows')}**")
    st.caption(words("freeze.money_note"))
    shown: list[Row] = [
        {
            words("freeze.at"): local_text(row["at"]),
            words("freeze.way"): words("map.in" if row["into"] else "map.out"),
            words("freeze.peer"): desk.scope.key(Ref("Account", row["peer"])) if row["peer"] else "",
            words("freeze.amount"): yuan(row["fen"]),
            words("freeze.of_victims"): yuan(row["victim_fen"]),
        }
        for row in rows
    ]
    chosen = show_table(desk, shown, key="freeze-money", select=True)
    picked = rows if chosen is None else [rows[chosen]]
    cited = [(row[f"{side}source"], row[f"{side}row"]) for row in picked for side in ("", "other_")]
    show_rows(desk, [one for one in dict.fromkeys(cited) if one[0] is not None], key="freeze-money")


def _controls(desk: Desk, line: QueueLine) -> None:
    rows = control_rows(line)
    if rows:
        st.markdown(f"**{desk.words('freeze.control_rows')}**")
        show_rows(desk, [(source, row) for source, row, _ in rows], key="freeze-controls")
