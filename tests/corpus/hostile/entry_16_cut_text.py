"""Entry 16: UTF-8 cut inside its last character."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import PERSONS, raw

TEXT = ",".join(PERSONS) + "\n拟名甲,,,样街一号"

CASES = (
    Case("a file cut inside a character is incomplete", raw("cut.csv", TEXT.encode()[:-1]), code="TRUNCATED"),
)
