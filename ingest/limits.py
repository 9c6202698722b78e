"""The limits on what ingest reads, in one frozen value (GUARANTEES 3)."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on one source file; beyond them the file or row goes to quarantine."""

    file_bytes: int = 4096 * MEGABYTE
    zip_entries: int = 2_000
    expanded_bytes: int = 512 * MEGABYTE
    expansion: int = 200
    """Expanded bytes per packed byte, as streamed; parts below one megabyte are let through."""
    sheets: int = 200
    rows: int = 1_048_576
    columns: int = 400
    cell_characters: int = 32_767
    line_characters: int = MEGABYTE
    header_rows: int = 20
    """How far down a header is looked for."""
    record_lines: int = 50
    """Lines one quoted record may span before its quote counts as unclosed."""


DEFAULT_LIMITS = Limits()
