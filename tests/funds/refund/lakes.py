"""Small lakes for refund plans: victims, a frozen account, its order, all from lines of an example world."""

from collections.abc import Sequence
from random import Random

from detect.worlds import World, build_world
from funds.refund.account_plan import AccountPlan, account_plan
from funds.refund.ground import refund_ground
from tests.detect.ledgers import in_memory
from tests.funds.controls.orders import local

NOW = local("2024-03-03T09:00")
FREEZE = (
    "K : ControlOrder kind=冻结 mode=receive_only document=DK started_at=2024-03-02T09:00 executed_fen={fen}",
    "K CONTROL A at=2024-03-02T09:00 state=executed",
)


def frozen(fen: int) -> list[str]:
    """The order that froze account A, up to which nobody moved its money any more."""
    return [line.format(fen=fen) for line in FREEZE]


def paid(report: str, payer: str, payee: str, yuan: str, at: str, **values: int) -> list[str]:
    """A victim's payment: the report's two ends and the transfer with the payee's balance."""
    said = "".join(f" {name}={value}" for name, value in values.items())
    return [
        f"{report} PAID_FROM {payer} at=2024-03-01T{at} amount={yuan}",
        f"{report} PAID_TO {payee} at=2024-03-01T{at} amount={yuan}",
        f"{payer} TRANSFER {payee} at=2024-03-01T{at} amount={yuan}{said}",
    ]


def planned(
    lines: Sequence[str], frozen_fen: int | None = None, refunded: dict[str, int] | None = None
) -> tuple[AccountPlan, World]:
    """The plan for account A of the world that the lines describe; refunded: report's name -> fen."""
    world = build_world(lines)
    back = {world.names[name].key: fen for name, fen in (refunded or {}).items()}
    ground = refund_ground(in_memory(world.frames))
    return account_plan(ground, world.names["A"].key, NOW, frozen_fen, back), world


def fens(found: AccountPlan, world: World) -> dict[str, int]:
    """Report's name -> fen of its refund."""
    names = {ref.key: name for name, ref in world.names.items() if ref.type == "Report"}
    return {names[line.claim.victim]: line.refund_fen for line in found.plan.lines}


def random_lake(seed: int) -> tuple[list[str], dict[str, int], set[str], int]:
    """Lines; loss of each report; reports paid straight into A; A's closing balance. Money also comes to A
    over a middle account M, A has own money now and then, and pays some out."""
    draw = Random(seed)
    lines = ["A : Account grade=A", "M : Account grade=A"]
    balance = {"A": draw.choice([0, 0, draw.randrange(1, 500_000)]), "M": 0}
    losses: dict[str, int] = {}
    direct: set[str] = set()
    for minute in range(draw.choice([1, 1, *range(2, 12)])):
        at = f"09:{minute:02d}"
        what = draw.choice("VVVWWOXM") if minute else "V"
        fen = draw.randrange(1, 1_000_000)
        if what in "VW":
            payee, name = ("A" if what == "V" else "M"), f"R{minute}"
            balance[payee] += fen
            amount = f"{fen / 100:.2f}"
            lines += paid(name, f"V{minute}", payee, amount, at, to_balance_fen=balance[payee])
            losses[name] = fen
            direct |= {name} if payee == "A" else set()
        elif what == "O":
            balance["A"] += fen
            lines.append(_moved("O", "A", fen, at, to_balance_fen=balance["A"]))
        elif what == "M" and balance["M"]:
            fen = draw.randrange(1, balance["M"] + 1)
            balance["M"], balance["A"] = balance["M"] - fen, balance["A"] + fen
            both = {"from_balance_fen": balance["M"], "to_balance_fen": balance["A"]}
            lines.append(_moved("M", "A", fen, at, **both))
        elif what == "X" and balance["A"]:
            fen = draw.randrange(1, balance["A"] + 1)
            balance["A"] -= fen
            lines.append(_moved("A", "X", fen, at, from_balance_fen=balance["A"]))
    return lines, losses, direct, balance["A"]


def _moved(payer: str, payee: str, fen: int, at: str, **values: int) -> str:
    said = "".join(f" {name}={value}" for name, value in values.items())
    return f"{payer} TRANSFER {payee} at=2024-03-01T{at} amount={fen / 100:.2f}{said}"
