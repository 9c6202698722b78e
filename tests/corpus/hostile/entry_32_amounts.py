"""Entry 32: amounts in every writing, and those that are none."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import sheet
from tests.ingest.build import sheet_row

GOOD = {'"1,234.56"': 123_456, "-0": 0, "1.1": 110, "1.10": 110, "￥12.00": 1_200, "12元": 1_200}
BAD = ("￥1.2万", "(100)", "1" + "0" * 18, "0.005", "1.2.3", "NaN", "1e3")


def rows(texts: tuple[str, ...], direction: str = "出") -> list[tuple[str, ...]]:
    return [sheet_row(amount=text, serial=f"S{i}", direction=direction) for i, text in enumerate(texts)]


CASES = (
    Case(
        "amounts are whole fen",
        sheet("g.csv", *rows(tuple(GOOD))),
        loaded=len(GOOD),
        values={"amount": list(GOOD.values())},
    ),
    Case("what is no exact amount waits", sheet("b.csv", *rows(BAD)), rejects={"BAD_AMOUNT": len(BAD)}),
    Case(
        "a direction that only a balance could settle stays open; settling makes no event of it",
        sheet("d.csv", *rows(("1.00",), "O?")),
        loaded=1,
        values={"direction": [None]},
    ),
)
