"""Entry 14: UTF-8 that was once read as GBK and saved again."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import persons

WRONG = "卡号".encode().decode("gb18030")

CASES = (
    Case(
        "doubly encoded text is never a name",
        persons("wrong.csv", (WRONG, "", "", "样街一号"), ("拟名甲", "", "", "样街二号")),
        loaded=1,
        rejects={"MOJIBAKE": 1},
        values={"name": ["拟名甲"]},
    ),
)
