"""Takes one file's batches out of force; the original and the record of it stay."""

from graph.durable import remove
from graph.errors import InputError
from graph.lake.home import LakeHome
from ingest.batch import remove_orphans
from ingest.ledger import LOADED, UNLOADED
from ingest.settled import is_settled
from ingest.writer import one_writer


def unload(home: LakeHome, sha256: str) -> None:
    """Drop the batches of a loaded file; `settle` then gives the tables from before the file (G7).

    A file that an interrupted run took out before settling is out already. InputError when it is not loaded.
    """
    with one_writer(home) as ledger:
        record = ledger.file(sha256)
        if record is not None and record.state == UNLOADED and not is_settled(home):
            return
        if record is None or record.state != LOADED:
            raise InputError(
                f"The file {sha256[:12]} is not loaded; `python -m ingest status` lists what is.",
                sha256=sha256,
            )
        ledger.unload(sha256)
        remove(home.quarantine / f"{sha256}.jsonl")
        remove_orphans(home, ledger.batches())
