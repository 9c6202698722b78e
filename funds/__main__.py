"""Command line of funds: one command a module of `funds/commands/`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from funds.commands import queue, refund, trace
from graph.errors import DuanlianError
from graph.lake.home import lake_home
from graph.lake.spill import spill_into
from graph.lake.tables import open_tables

_COMMANDS = {
    "trace": (trace, "follow victims' money through all accounts; docs/funds.md explains methods and sums"),
    "queue": (queue, "which accounts to freeze first and what that saves; see docs/funds-controls.md"),
    "refund": (refund, "plan who gets back what is frozen on an account; docs/funds-controls.md explains it"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code."""
    given = _parser().parse_args(arguments)
    home = lake_home(given.lake)
    spill_into(home)
    try:
        return int(given.run(open_tables(home), given))
    except DuanlianError as error:
        print(error.message, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="python -m funds", description="Victims' money: where it went, what to freeze, who gets it back."
    )
    commands = whole.add_subparsers(dest="what", required=True, metavar="COMMAND")
    for name, (module, said) in _COMMANDS.items():
        parser = commands.add_parser(
            name,
            help=said,
            description=said[0].upper() + said[1:] + ".",
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.options(parser)
        parser.add_argument(
            "--lake",
            type=Path,
            default=None,
            metavar="DIR",
            help="home of the lake (DUANLIAN_HOME, else ./var)",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--show-keys", action="store_true", help="print whole keys instead of masked ones"
        )
        parser.set_defaults(run=module.run)
    return whole


if __name__ == "__main__":
    sys.exit(main())
