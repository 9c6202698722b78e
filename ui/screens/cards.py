"""Cards: what to verify again, who seems to sell or deal in cards, who seems to use others' accounts."""

from collections.abc import Callable

import streamlit as st

from detect.controllers.proposal import Control, propose
from detect.crackdown import Dealing, crackdown
from detect.facts import Facts
from detect.results import Detection
from detect.results import Row as SourceRow
from detect.reverify import Card, reverify
from graph.contract import Ref
from ui.desk import Desk, kept_while
from ui.detect_button import detected
from ui.navigate import open_on_chart
from ui.rule_titles import rule_title, rules_by_id
from ui.source_rows import show_rows
from ui.tables import Row, show_table

Proof = tuple[str, tuple[SourceRow, ...]]
_LISTS = ("reverify", "crackdown", "controllers")


def show(desk: Desk) -> None:
    """Draw the screen."""
    words = desk.words
    st.header(words("nav.cards"))
    found = detected(desk)
    if found is None:
        return
    st.caption(f"{words('frame.opinion')} · {words('cards.note')}")
    chosen = st.segmented_control(
        words("cards.list"),
        _LISTS,
        default=_LISTS[0],
        format_func=lambda name: words(f"cards.{name}"),
        key="cards_list",
        required=True,
    )
    {"reverify": _reverify, "crackdown": _crackdown, "controllers": _controllers}[chosen](desk, found)


def _controls(desk: Desk) -> tuple[Control, ...]:
    state = desk.state
    return kept_while(
        "list_controls", state, desk.words("cards.working"), lambda: propose(Facts(desk.tables))
    )


def _stamp(desk: Desk, found: Detection) -> str:
    return f"{desk.state} {found.lake_digest} {len(found.findings)}"


def _reverify(desk: Desk, found: Detection) -> None:
    words, known = desk.words, rules_by_id()

    def make() -> tuple[Card, ...]:
        return reverify(found.findings, Facts(desk.tables), tuple(known.values()))

    cards = kept_while("list_reverify", _stamp(desk, found), words("cards.working"), make)
    rows: list[Row] = [
        {
            words("cards.card"): desk.scope.key(card.card),
            words("gangs.type"): words.type_label(card.card.type),
            words("cards.holder"): desk.scope.key(card.holder) if card.holder else "",
            words("cards.unit"): card.unit,
            words("cards.place"): card.place,
            words("cards.priority"): round(card.priority, 3),
            words("cards.reasons"): ", ".join(f"{r.rule} r{r.revision}" for r in card.reasons),
            words("cards.ask"): "; ".join(
                dict.fromkeys(s.said(words.language) for r in card.reasons for s in known[r.rule].next_steps)
            ),
            words("cards.innocent"): ", ".join(f"{name} {value:.2f}" for name, value in card.innocent),
        }
        for card in cards
    ]
    _table(desk, "reverify", rows, lambda n: ([cards[n].card], _rule_proof(desk, cards[n])))


def _rule_proof(desk: Desk, card: Card) -> list[Proof]:
    language = desk.words.language
    return [(f"{r.rule} r{r.revision} {rule_title(r.rule, language)}", r.rows) for r in card.reasons]


def _crackdown(desk: Desk, found: Detection) -> None:
    words = desk.words

    def make() -> tuple[Dealing, ...]:
        return crackdown(found, _controls(desk), Facts(desk.tables))

    listed = kept_while("list_crackdown", _stamp(desk, found), words("cards.working"), make)
    rows: list[Row] = [
        {
            words("cards.person"): desk.scope.key(one.person),
            words("cards.part"): words(f"cards.{one.part}"),
            words("cards.state"): words("cards.proposal"),
            words("cards.count"): len(one.cards),
            words("cards.others"): len(one.others),
            words("cards.streams"): ", ".join(one.streams),
            words("cards.thresholds"): ", ".join(
                f"{t.name} {t.value} / {t.bound} ({t.from_on.isoformat()})" for t in one.thresholds
            ),
        }
        for one in listed
    ]
    _table(desk, "crackdown", rows, lambda n: ([listed[n].person], list(listed[n].streams.items())))


def _controllers(desk: Desk, found: Detection) -> None:
    words, controls = desk.words, _controls(desk)
    rows: list[Row] = [
        {
            words("cards.card"): desk.scope.key(one.subject),
            words("cards.holder"): desk.scope.key(one.holder),
            words("cards.controller"): desk.scope.key(one.controller),
            words("gangs.type"): words.type_label(one.controller.type),
            words("cards.state"): words("cards.proposal"),
            words("cards.strength"): round(one.strength, 3),
            words("cards.signs"): ", ".join(dict.fromkeys(sign.name for sign in one.signs)),
            words("cards.innocent"): ", ".join(f"{name} −{share:.2f}" for name, share in one.opposing),
        }
        for one in controls
    ]

    def proof(n: int) -> tuple[list[Ref], list[Proof]]:
        one = controls[n]
        return [one.subject, one.controller], [(f"{s.name} · {s.family}", s.rows) for s in one.signs]

    _table(desk, "controllers", rows, proof)


def _table(
    desk: Desk, name: str, rows: list[Row], proof: Callable[[int], tuple[list[Ref], list[Proof]]]
) -> None:
    """The list with its download, then the chosen line (the first at first) with its source rows."""
    words = desk.words
    if not rows:
        st.info(words("cards.none"), icon=":material/info:")
        return
    number = show_table(desk, rows, key=name, download=name, select=True) or 0
    refs, reasons = proof(number)
    st.subheader(desk.scope.key(refs[0]))
    if st.button(words("gangs.open_chart"), type="primary", icon=":material/hub:", key=f"open-{name}"):
        open_on_chart(refs)
    for place, (title, source_rows) in enumerate(reasons):
        with st.expander(f"{title} · {len(source_rows)} {words('mules.rows')}"):
            show_rows(desk, source_rows, key=f"{name}-{number}-{place}")
