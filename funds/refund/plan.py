"""The refund plan of one frozen account: who gets how many fen, by which branch, with the proof of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from funds.refund.branches import Branch, BranchTest, branch_tests
from funds.refund.claims import CONSERVING, Claim, Frozen, Refused, sorted_out
from funds.refund.shares import Share, split
from graph.errors import InputError

PROOF_COLUMNS: dict[str, pl.DataType] = {
    "victim": pl.String(),
    "loss_fen": pl.Int64(),
    "refunded_before_fen": pl.Int64(),
    "share": pl.String(),
    "floor_fen": pl.Int64(),
    "remainder": pl.String(),
    "extra_fen": pl.Int64(),
    "refund_fen": pl.Int64(),
    "rows": pl.List(pl.Struct({"source": pl.String(), "row": pl.Int64()})),
}


@dataclass(frozen=True, slots=True)
class RefundLine:
    """One victim's refund: min(floor + extra, loss not yet given back); share_fen is exact."""

    claim: Claim
    share_fen: Fraction
    floor_fen: int
    remainder: Fraction
    extra_fen: int
    refund_fen: int


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """lines: by first arrival, then victim. branch: None when nobody takes part. revision: more if re-opened.

    needs_notice: only a plan in proportion is announced for 30 days before the decision.
    """

    frozen: Frozen
    branch: Branch | None
    tests: tuple[BranchTest, ...]
    lines: tuple[RefundLine, ...]
    refused: tuple[Refused, ...]
    claims: tuple[Claim, ...]
    revision: int = 1

    @property
    def refund_fen(self) -> int:
        """The sum of all refunds."""
        return sum(line.refund_fen for line in self.lines)

    @property
    def kept_fen(self) -> int:
        """What stays frozen."""
        return self.frozen.fen - self.refund_fen

    @property
    def needs_notice(self) -> bool:
        """Whether the plan is announced, with time for objections, before it is decided."""
        return self.branch is Branch.PRO_RATA

    def proof(self) -> pl.DataFrame:
        """PROOF_COLUMNS, one row a victim; share and remainder are exact fractions of fen, as 400000/9."""
        lines = [
            {
                "victim": line.claim.victim,
                "loss_fen": line.claim.loss_fen,
                "refunded_before_fen": line.claim.refunded_fen,
                "share": str(line.share_fen),
                "floor_fen": line.floor_fen,
                "remainder": str(line.remainder),
                "extra_fen": line.extra_fen,
                "refund_fen": line.refund_fen,
                "rows": [{"source": source, "row": row} for source, row in line.claim.rows],
            }
            for line in self.lines
        ]
        return pl.DataFrame(lines, schema=PROOF_COLUMNS)


def refund_plan(frozen: Frozen, claims: Sequence[Claim]) -> RefundPlan:
    """The plan by the first branch that applies; all in fen, refunds + kept = frozen.

    1 gives back the payment, 2 what tracing leaves to each, 3 frozen x loss / sum of losses: each at most the
    loss not yet given back. No claim that takes part: nothing is given, all is kept. What a cap leaves over
    is not shared out again but stays frozen (our reading). InputError: as `sorted_out`.
    Source: DOMAIN.md 7.4.
    """
    kept, refused = sorted_out(frozen, claims)
    tests = branch_tests(frozen, kept)
    branch = next((test.branch for test in tests if test.applies), None)
    shares = _shares(branch, frozen, kept)
    lines = tuple(_line(claim, share) for claim, share in zip(kept, shares, strict=True))
    plan = RefundPlan(
        frozen, branch, tests, lines, refused, tuple(sorted(claims, key=lambda claim: claim.victim))
    )
    if not 0 <= plan.refund_fen <= frozen.fen:
        raise InputError("The refunds are above what is frozen; check the amounts of the plan.", code="SUM")
    return plan


def reopened(
    plan: RefundPlan, newcomers: Sequence[Claim], paid: Mapping[str, int] | None = None
) -> RefundPlan:
    """The plan anew with victims found later. paid: victim -> fen that the bank has already paid out by it.

    What was paid lowers the frozen sum and counts as given back; nothing is asked back. A plan in
    proportion needs a new notice. InputError for a payment to somebody who is not in the plan or above it.
    """
    given = dict(paid or {})
    allowed = {line.claim.victim: line.refund_fen for line in plan.lines}
    if any(not 0 <= fen <= allowed.get(victim, -1) for victim, fen in given.items()):
        raise InputError("A payment is not one of the plan's refunds; correct it first.", code="NOT_IN_PLAN")
    claims = [replace(c, refunded_fen=c.refunded_fen + given.get(c.victim, 0)) for c in plan.claims]
    total = sum(given.values())
    left = {
        method: {victim: max(0, fen - given.get(victim, 0)) for victim, fen in lefts.items()}
        for method, lefts in plan.frozen.left.items()
    }
    rest = replace(plan.frozen, fen=plan.frozen.fen - total, left=left)
    return replace(refund_plan(rest, [*claims, *newcomers]), revision=plan.revision + 1)


def _shares(branch: Branch | None, frozen: Frozen, claims: Sequence[Claim]) -> tuple[Share, ...]:
    if branch is Branch.PRO_RATA:
        losses = [claim.loss_fen for claim in claims]
        return split(min(frozen.fen, sum(losses)), losses)
    if branch is Branch.SINGLE:
        return tuple(_whole(min(frozen.fen, claim.arrivals[0].fen)) for claim in claims)
    left = frozen.left[CONSERVING[0]] if branch is Branch.BY_TIME_STAMP else {}
    return tuple(_whole(left.get(claim.victim, 0)) for claim in claims)


def _whole(fen: int) -> Share:
    return Share(Fraction(fen), fen, Fraction(0), 0)


def _line(claim: Claim, share: Share) -> RefundLine:
    refund = min(share.floor + share.extra, claim.open_fen)
    return RefundLine(claim, share.exact, share.floor, share.remainder, share.extra, refund)
