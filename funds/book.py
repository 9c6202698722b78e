"""The entries of all ledgers in the one order of a trace, as compiled loops read them."""

from typing import NamedTuple

from graph.contract import Ints

LEDGER, EVENT, AT, AMOUNT, BALANCE, GAP = range(6)
SINK_CODE, LEAVES, ARRIVES, CROSSED = range(4)


class Book(NamedTuple):
    """entry: LEDGER, EVENT, AT (us), AMOUNT (fen, debits below zero), BALANCE before it (gap included), GAP.

    end: of each event, SINK_CODE (FOLLOWED or a code of SINKS), whether a debit (LEAVES) or credit entry
    (ARRIVES) exists, and whether its credit had to go ahead of its debit (CROSSED). following: the
    ledger's next entry, -1 behind its last. arrival: of each event, its credit entry, -1 without.
    """

    entry: Ints
    end: Ints
    following: Ints
    arrival: Ints
