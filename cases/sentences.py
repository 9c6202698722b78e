"""How commands end on an error: its one sentence on standard error, exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from graph.errors import DuanlianError


@contextmanager
def sentences() -> Iterator[None]:
    """Print an error as its one sentence, with exit code 1."""
    try:
        yield
    except DuanlianError as error:
        typer.echo(error.message, err=True)
        raise typer.Exit(1) from error
