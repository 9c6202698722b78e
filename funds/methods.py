"""All methods of tracing under one roof, and a trace told for some of its victims."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import polars as pl

from funds.cells import FIRST_VICTIM, UNKNOWN
from funds.claims import Claims
from funds.ledgers import Ledgers
from funds.poison import Poison, poison
from funds.tracing import CONSERVING, Trace, trace

METHODS = (*CONSERVING, "poison")
DEFAULT = "fifo"
Traced = Trace | Poison


def trace_by(ledgers: Ledgers, claims: Claims, method: str = DEFAULT) -> Traced:
    """Follow all claims' money by one of METHODS; InputError for another."""
    return poison(ledgers, claims) if method == "poison" else trace(ledgers, claims, method)


def narrowed(traced: Traced, victims: Collection[str]) -> Traced:
    """The same trace told for these victims alone; the others' money keeps being theirs, never `own`."""
    claims = traced.claims
    wanted = [name in victims for name in claims.victims]
    paid = tuple(fen if kept else 0 for fen, kept in zip(claims.paid_fen, wanted, strict=True))
    said = tuple(n for n in claims.notices if n.code != "NO_ROW" or n.what in victims)
    claims = replace(claims, paid_fen=paid, notices=said)
    if isinstance(traced, Trace):
        owners = [UNKNOWN, *(n + FIRST_VICTIM for n, kept in enumerate(wanted) if kept)]
        mine = pl.col("owner").is_in(owners)
        return replace(traced, claims=claims, moves=traced.moves.filter(mine), held=traced.held.filter(mine))
    return traced.of_victims(claims, np.array(wanted, dtype=np.bool_))
