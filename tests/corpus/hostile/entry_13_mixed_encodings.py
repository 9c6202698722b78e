"""Entry 13: UTF-8 rows followed by GBK rows."""

from pathlib import Path

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import PERSONS

LINE = "拟名甲,,,样街一号样楼\n"


def mixed(folder: Path) -> Path:
    path = folder / "mixed.csv"
    path.write_bytes((",".join(PERSONS) + "\n" + LINE * 5).encode() + (LINE * 5).encode("gb18030"))
    return path


CASES = (Case("two encodings in one file wait", mixed, code="MIXED_ENCODING"),)
