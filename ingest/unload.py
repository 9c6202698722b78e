"""Takes one file's batches out of force; the original and the record of it stay."""

from graph.errors import InputError
from graph.lake.home import LakeHome
from ingest.batch import remove_orphans
from ingest.ledger import LOADED, Ledger
from ingest.lock import writing


def unload(home: LakeHome, sha256: str) -> None:
    """Drop the batches of a loaded file; `settle` then gives the tables from before the file (G7).

    InputError when the file is not loaded.
    """
    with writing(home):
        ledger = Ledger(home)
        try:
            record = ledger.file(sha256)
            if record is None or record.state != LOADED:
                raise InputError(
                    f"The file {sha256[:12]} is not loaded; `python -m ingest status` lists what is.",
                    sha256=sha256,
                )
            ledger.unload(sha256)
            (home.quarantine / f"{sha256}.jsonl").unlink(missing_ok=True)
            remove_orphans(home, ledger.batches())
        finally:
            ledger.close()
