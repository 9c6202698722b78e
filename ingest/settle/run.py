"""Puts the canonical tables in step with the batches and judgements in force."""

import logging

from graph.lake.home import LakeHome
from ingest.kept.from_last import remove_older
from ingest.kept.lookup import remove_lookups
from ingest.settle.increment.run import SHARE, settle_few
from ingest.settle.outcome import Settled
from ingest.settle.whole import settle_anew
from ingest.writer import one_writer

logger = logging.getLogger(__name__)


def settle(home: LakeHome, *, anew: bool = False, share: float = SHARE) -> Settled:
    """Put all batches in force into the canonical tables, and these in force at once.

    The result depends on the set of different rows and on the judgements in force only: not on files, their
    order, splits or repeats, nor on whether new sheets were added to tables or all tables were made anew.
    anew: make them anew in any case; share: of the lake's sheet rows, the most that are added without that.
    Without batches all tables are empty. InputError when a load is running.
    """
    with one_writer(home, ledger_may_be_behind=True) as ledger:
        settled = None if anew else settle_few(home, ledger, share)
        if settled is None:
            settled = settle_anew(home, ledger)
        remove_older(home, settled.tables.made_of)
        remove_lookups(home, ledger.batches())
    logger.info("settled: %d nodes and relations", sum(settled.tables.rows.values()))
    return settled
