"""Entry 31: times at and beyond the edge."""

from datetime import UTC, datetime

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import sheet
from tests.ingest.build import sheet_row

BAD = (
    "2021-06-31 10:00:00",
    "0000-00-00 00:00:00",
    "21/6/9",
    "2021年6月9日",
    "1623204000",
    "1623204000000",
    "2021-02-29",
)
GOOD = {
    "2021-06-08 24:00:00": datetime(2021, 6, 8, 16, tzinfo=UTC),
    "44356.5": datetime(2021, 6, 9, 4, tzinfo=UTC),
    "2021-06-09T04:00:00Z": datetime(2021, 6, 9, 4, tzinfo=UTC),
    "2021-06-09T12:00:00+08:00": datetime(2021, 6, 9, 4, tzinfo=UTC),
    "2038-01-19 11:14:08": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    "9999-12-31 00:00:00": datetime(9999, 12, 30, 16, tzinfo=UTC),
}


def rows(times: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [sheet_row(at=at, serial=f"S{i}") for i, at in enumerate(times)]


CASES = (
    Case(
        "times that do not exist or are not declared wait",
        sheet("b.csv", *rows(BAD)),
        rejects={"BAD_TIME": len(BAD)},
    ),
    Case(
        "unusual times are the right instant",
        sheet("g.csv", *rows(tuple(GOOD))),
        loaded=len(GOOD),
        values={"time": list(GOOD.values())},
    ),
    Case(
        "a day alone and a day in a summer-time year are flagged",
        sheet("f.csv", *rows(("2021-06-09", "1988-05-01 10:00:00"))),
        loaded=2,
        flags={"DAY_ONLY@time": 1, "CLOCK_CHANGE@time": 1},
    ),
)
