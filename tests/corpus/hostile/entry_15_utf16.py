"""Entry 15: UTF-16 named .csv, with and without its mark."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import PERSONS, raw

TEXT = ",".join(PERSONS) + "\n拟名甲,,,样街一号\n"

CASES = (
    Case(
        "UTF-16 with its mark is read",
        raw("marked.csv", b"\xff\xfe" + TEXT.encode("utf-16-le")),
        loaded=1,
        values={"name": ["拟名甲"]},
    ),
    Case(
        "UTF-16 without its mark is a question", raw("bare.csv", TEXT.encode("utf-16-le")), code="UNDECODABLE"
    ),
)
