"""One guarded parser for all tests of a session: a child for each load would cost most of their time."""

import atexit
import tempfile
from functools import cache
from pathlib import Path

from ingest.guard.parser import GuardedParser


@cache
def shared_parser() -> GuardedParser:
    """The parser; its child ends with the tests."""
    folder = tempfile.TemporaryDirectory(prefix="duanlian-parser-")
    parser = GuardedParser(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(parser.close)
    return parser
