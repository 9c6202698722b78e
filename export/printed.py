"""How export commands end: a result as lines or JSON, an error as its one sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from cases.sentences import sentences


@contextmanager
def export_sentences() -> Iterator[None]:
    """As for all commands, and for a file that can't be written."""
    with sentences():
        try:
            yield
        except OSError as error:
            typer.echo(
                f"The file can't be written ({error.strerror}); choose another place with --out.", err=True
            )
            raise typer.Exit(1) from error


def print_result(result: dict[str, Any], as_json: bool) -> None:
    """Print what an export says of itself."""
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        shown = "\n  ".join(str(v) for v in value) if isinstance(value, list) else value
        typer.echo(f"{name}: {shown}")
