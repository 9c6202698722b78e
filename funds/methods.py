"""All methods of tracing under one roof, and what each account may have received by any of them."""

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
