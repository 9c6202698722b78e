"""New sheets settled by themselves give the tables, digest and report of a lake settled anew."""

from collections.abc import Mapping

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from ingest.settle import settle
from tests.ingest.settle.increment.worlds import Sheet, World, must_equal, others, sheets


# Without shrinking: one example takes seconds, so a smaller one would come after many minutes.
@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(first=st.lists(sheets, max_size=2), rest=others, later=st.lists(sheets, min_size=1, max_size=3))
def test_any_new_sheets_give_what_settling_anew_gives(
    first: list[Sheet], rest: Mapping[str, Sheet], later: list[Sheet]
) -> None:
    check(first, rest, later)


def check(first: list[Sheet], rest: Mapping[str, Sheet], later: list[Sheet]) -> int:
    """Settle each later sheet by itself where that is possible; how many were."""
    alone = 0
    with World() as world:
        for sheet in first:
            world.load(sheet)
        world.load_others(rest)
        settle(world.home, anew=True)
        for sheet in later:
            world.load(sheet)
            few = world.settle_few()
            event("by itself" if few else "anew")
            if few is None:
                settle(world.home, anew=True)
            else:
                alone += 1
                must_equal(few, world)
    return alone
