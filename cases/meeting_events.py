"""The meetings of the phones on a chart as events of the time axis."""

import polars as pl

from cases.streams import EVENT_SCHEMA, Asked
from detect.meetings import Meetings, meetings, nearness
from graph.lake.tables import LakeTables

# So many phones on a chart are a crowd: who met whom there is asked for on the screen of phones.
MOST_PHONES = 300


def chart_meetings(tables: LakeTables, asked: Asked) -> Meetings | None:
    """Meetings of the shown phones with each other by the bounds of S10; None for too many phones."""
    sims = [ref.key for ref in asked.refs if ref.type == "Sim"]
    if len(sims) > MOST_PHONES:
        return None
    return meetings(tables, sims, nearness())


def as_events(found: Meetings) -> pl.DataFrame:
    """EVENT_SCHEMA: a meeting counts at its beginning, once, whatever it lasts."""
    numbered = found.rows.with_row_index("number")
    return numbered.select(
        stream=pl.lit("meetings"),
        relation=pl.lit("CO_LOCATED"),
        event_key=pl.format("meeting:{}", "number"),
        at="first_at",
        day_only=pl.lit(False),
        amount_fen=pl.lit(None, dtype=pl.Int64),
        currency=pl.lit(None, dtype=pl.String),
        from_type=pl.lit("Sim"),
        from_key="first",
        to_type=pl.lit("Sim"),
        to_key="second",
    ).cast(pl.Schema(EVENT_SCHEMA))
