"""What settling gives back, and the name its report is kept under."""

from dataclasses import dataclass
from typing import Any

from graph.lake.tables import LakeTables

REPORT = "settle"


@dataclass(frozen=True, slots=True)
class Settled:
    """The tables in force and the report kept in the ledger."""

    tables: LakeTables
    report: dict[str, Any]
