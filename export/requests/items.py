"""What a request sheet holds, as plain values: accounts with reasons, and those not asked for."""

from dataclasses import dataclass
from datetime import datetime

from export.requests.kinds import RequestKind
from export.signs import Language
from funds.controls.events import Mode
from funds.refund.claims import Arrival
from graph.contract import Ref
from graph.lake.cited import Row


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer asks for. accounts: none means those where traced money of the case lies.

    amount_fen, mode: of a stop or freeze; None leaves the amount to the trace. document: of the legal paper,
    empty for a line to fill in. officer: who signs, empty likewise. from_at, to_at: a span of one's own.
    """

    kind: RequestKind
    accounts: tuple[str, ...]
    case: str
    now: datetime
    document: str = ""
    amount_fen: int | None = None
    mode: Mode = Mode.LIMIT
    from_at: datetime | None = None
    to_at: datetime | None = None
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in zh and en with the rows behind it; count, fen and what fill its places."""

    zh: str
    en: str
    rows: tuple[Row, ...] = ()

    def said(self, language: Language) -> str:
        """The sentence in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the account as registered. ref: None when only the sheet's name is known."""

    ref: Ref | None
    name: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Rows asked for, from an instant to another, None: open. why: GAP, NO_SHEET, SINCE or ASKED."""

    from_at: datetime | None
    to_at: datetime | None
    why: str
    fen: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One account asked for. order: whose renewal or lifting, with its document and present end.

    amount_fen: None where the officer fills it in. notes: for the officer, not for the bank. arrivals: the
    rows by which traced money of the case came.
    """

    account: str
    bank: str
    holders: tuple[Holder, ...]
    amount_fen: int | None
    mode: Mode | None
    order: str
    order_document: str
    ends_at: datetime | None
    spans: tuple[Span, ...]
    reasons: tuple[Said, ...]
    notes: tuple[Said, ...]
    arrivals: tuple[Arrival, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every source row it cites, once, in order of the reasons."""
        told = [row for one in (*self.reasons, *self.notes) for row in one.rows]
        told += [row for holder in self.holders for row in holder.rows]
        return tuple(dict.fromkeys(told))


@dataclass(frozen=True, slots=True)
class NotAsked:
    """An account that is not asked for: code of the refusal and its sentence."""

    account: str
    bank: str
    order: str
    code: str
    why: Said


@dataclass(frozen=True, slots=True)
class Request:
    """All that one request became: items by bank, then account; not_asked likewise.

    findings: state of the detection.
    """

    wanted: Wanted
    items: tuple[Item, ...]
    not_asked: tuple[NotAsked, ...]
    findings: str

    @property
    def banks(self) -> tuple[str, ...]:
        """The banks asked, by name; the empty name is the unknown bank."""
        return tuple(sorted({item.bank for item in self.items}))
