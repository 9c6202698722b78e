"""Entry 11: a GBK file whose only Chinese is two characters: read right or asked about, never guessed."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import raw
from tests.ingest.build import A, B

HEADER = "own_account,time,amount,direction,peer_account,memo\n"
ROW = f"{A},2024-03-04 10:00:00,1.00,out,{B},"

CASES = (
    Case(
        "two characters that are no UTF-8 are read as what they are",
        raw("gbk.csv", (HEADER + ROW + "转账\n").encode("gb18030")),
        loaded=1,
        values={"memo": ["转账"]},
    ),
    Case(
        "two characters that read both ways are asked about",
        raw("both.csv", (HEADER + ROW + "模模\n").encode("gb18030")),
        code="UNDECODABLE",
    ),
)
