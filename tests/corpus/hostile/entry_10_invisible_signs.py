"""Entry 10: signs inside a card that nobody sees, and signs that only look like digits."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import luhn, sheet
from tests.ingest.build import sheet_row

CARD = luhn("622202123456789012")
FULL_WIDTH = "".join(chr(ord(sign) + 0xFEE0) for sign in CARD)
INVISIBLE = ["\u200b", "\ufeff", "\u00a0", "\u2011"]
HIDDEN = [f"{CARD[:4]}{sign}{CARD[4:]}" for sign in INVISIBLE] + [FULL_WIDTH]
FALSE = [
    CARD.replace("0", "O"),
    "".join(chr(0x660 + int(sign)) for sign in CARD),
    CARD.replace("1", "①"),
]

CASES = (
    Case(
        "invisible signs and full-width digits go, and it is said",
        sheet("hidden.csv", *(sheet_row(card=card, serial=f"S{i}") for i, card in enumerate(HIDDEN))),
        loaded=5,
        flags={"NORMALISED@own_card": 5},
        values={"own_card": [CARD] * 5},
    ),
    Case(
        "letters, Arabic-Indic and circled digits are no digits",
        sheet("false.csv", *(sheet_row(card=card, serial=f"S{i}") for i, card in enumerate(FALSE))),
        rejects={"BAD_IDENTIFIER": 3},
    ),
    Case(
        "nor are they in a counterparty",
        sheet("peers.csv", *(sheet_row(peer=card, serial=f"S{i}") for i, card in enumerate(FALSE))),
        rejects={"BAD_IDENTIFIER": 3},
    ),
)
