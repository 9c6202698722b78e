"""Request sheets beside the refund plan: what is allowed now, what is refused and why, and the files."""

from datetime import UTC, datetime

import streamlit as st

from detect.rule import open_library
from export.delivery import Format
from export.fixed_zip import fixed_zip
from export.orders import Order
from export.requests.gathering import Found, gather
from export.requests.items import Request, Wanted
from export.requests.kinds import KINDS, RequestKind, worded
from export.requests.making import make_requests
from export.requests.tables import BLANK
from funds.controls.events import Mode
from funds.controls.reading import read_controls
from funds.refund.ground import RefundGround
from funds.yuan import read_yuan, yuan_text
from graph.contract import Ref
from graph.errors import DuanlianError, InputError
from ui.desk import Desk, detection, subject
from ui.tables import show_table

_HOLDS = (RequestKind.STOP, RequestKind.FREEZE)


def request_panel(desk: Desk, ground: RefundGround, frozen: tuple[str, ...], now: datetime) -> None:
    """Ask for kind, case and accounts, show what follows, make the files on demand."""
    words = desk.words
    st.caption(words("requests.note"))
    try:
        wanted = _wanted(desk, frozen, now)
        if wanted is None:
            return
        found, state = detection(desk)
        fresh = found is not None and state == "fresh"
        hits = Found(found.findings, open_library().rules, state) if found and fresh else Found(state=state)
        request = gather(desk.tables, ground, wanted, hits)
    except DuanlianError as error:
        st.warning(error.message)
        return
    _outcome(desk, request)
    _files(desk, ground, wanted)


def _wanted(desk: Desk, frozen: tuple[str, ...], now: datetime) -> Wanted | None:
    """What the fields say; None, with a word on what is missing, while there is no case number."""
    words = desk.words
    kind = st.segmented_control(
        words("requests.kind"), list(RequestKind), default=RequestKind.FREEZE, key="request_kind",
        format_func=lambda one: worded(KINDS[one].title, words.language), required=True,
    )  # fmt: skip
    case, document, officer = st.columns(3)
    number = case.text_input(words("frame.case_no"), key="request_case")
    paper = document.text_input(words("requests.document"), key="request_document")
    signer = officer.text_input(words("requests.officer"), key="request_officer")
    known = tuple(dict.fromkeys([*frozen, *read_controls(desk.tables, now)]))
    listed, typed = st.columns([2, 1])
    chosen = listed.multiselect(
        words("requests.accounts"), known, key="request_accounts", placeholder=words("requests.of_case"),
        format_func=lambda key: desk.scope.key(Ref("Account", key)),
    )  # fmt: skip
    others = typed.text_input(words("requests.others"), key="request_others")
    mode, fen = _limits(desk) if kind in _HOLDS else (Mode.LIMIT, None)
    if not number.strip():
        st.info(words("requests.case_first"), icon=":material/info:")
        return None
    accounts = (*chosen, *others.replace(",", " ").replace("，", " ").split())
    return Wanted(kind, accounts, number.strip(), now, paper.strip(), fen, mode, officer=signer.strip())


def _limits(desk: Desk) -> tuple[Mode, int | None]:
    words = desk.words
    first, second = st.columns(2)
    mode = first.segmented_control(
        words("requests.mode"), list(Mode), default=Mode.LIMIT, key="request_mode", required=True,
        format_func=lambda one: words(f"requests.{one.value}"),
    )  # fmt: skip
    given = second.text_input(
        words("requests.amount"), key="request_amount", placeholder=words("requests.by_trace")
    )
    try:
        return mode or Mode.LIMIT, read_yuan(given) if given.strip() else None
    except ValueError:
        raise InputError(words("refund.bad_amount")) from None


def _outcome(desk: Desk, request: Request) -> None:
    words, language = desk.words, desk.words.language
    unknown = words("requests.no_bank")
    rows = [
        {
            words("requests.account"): desk.scope.key(Ref("Account", item.account)),
            words("requests.bank"): item.bank or unknown,
            words("requests.order"): item.order,
            words("requests.allowed"): words("requests.yes"),
            words("refund.most"): yuan_text(item.amount_fen) if item.amount_fen is not None else BLANK,
            words("requests.why"): " ".join(one.said(language) for one in item.reasons),
        }
        for item in request.items
    ]
    rows += [
        {
            words("requests.account"): desk.scope.key(Ref("Account", one.account)),
            words("requests.bank"): one.bank or unknown,
            words("requests.order"): one.order,
            words("requests.allowed"): words("requests.no"),
            words("refund.most"): "",
            words("requests.why"): one.why.said(language),
        }
        for one in request.not_asked
    ]
    st.markdown(
        words(
            "requests.counts",
            asked=len(request.items),
            banks=len(request.banks),
            refused=len(request.not_asked),
        )
    )
    show_table(desk, rows, key="request-outcome")


def _files(desk: Desk, ground: RefundGround, wanted: Wanted) -> None:
    words, full = desk.words, desk.scope.full
    st.caption(words("requests.full" if full else "requests.masked"))
    approver = st.text_input(words("requests.approver"), key="request_approver") if full else ""
    asked = repr((wanted, full, approver, desk.state, words.language))
    if st.button(words("requests.make"), key="request-make", type="primary", icon=":material/output:"):
        try:
            made = make_requests(_order(desk, wanted, approver.strip()), wanted, ground)
        except DuanlianError as error:
            st.error(error.message)
            return
        st.session_state["requests_made"] = (asked, fixed_zip(made.files))
    kept = st.session_state.get("requests_made")
    if kept is not None and kept[0] == asked:
        name = f"{wanted.kind.value}-requests.zip"
        st.download_button(
            name, kept[1], name, "application/zip", key="request-get", icon=":material/download:"
        )


def _order(desk: Desk, wanted: Wanted, approver: str) -> Order:
    return Order(
        desk.home,
        subject(desk.settings),
        datetime.now(UTC),
        Format.XLSX,
        full=desk.scope.full,
        reason=str(st.session_state.get("unmasked_reason") or ""),
        case=wanted.case,
        purpose=f"request {wanted.kind.value}",
        approver=approver or None,
        language=desk.words.language,
    )
