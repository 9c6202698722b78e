"""The limits on what ingest reads, in one frozen value (GUARANTEES 3)."""

import os
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the parser child may use for one file before it is ended."""

    memory_bytes: int
    cpu_s: int
    wall_s: float
    scratch_bytes: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds on one source file; beyond them the file or row goes to quarantine."""

    file_bytes: int = 4096 * MEGABYTE
    zip_entries: int = 2_000
    expanded_bytes: int = 512 * MEGABYTE
    archive_bytes: int = 4096 * MEGABYTE
    """What all tables of one zip archive may unpack to together."""
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

    parser_memory_bytes: int = 2048 * MEGABYTE
    """What the parser may take for a small file; every byte of a file adds `parser_memory_factor` bytes."""
    parser_memory_factor: int = 40
    """Measured on bank sheets as CSV: 20 bytes a byte."""
    parser_cpu_s: int = 40
    parser_wall_s: float = 55.0
    parser_s_per_megabyte: float = 4.0
    """CPU and wall seconds that each megabyte of the file adds; measured: 0.2 CPU seconds."""
    parser_start_s: float = 60.0
    """How long a new child may take until it reads its first file; not the file's fault."""
    parser_files: int = 1_000
    """Files that one child parses before a new one takes its place."""

    def allowance(self, size: int) -> Allowance:
        """What parsing `size` bytes may use; never more than three quarters of the machine's memory."""
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        memory = self.parser_memory_bytes + self.parser_memory_factor * size
        more_s = self.parser_s_per_megabyte * size / MEGABYTE
        return Allowance(
            min(memory, machine * 3 // 4),
            int(self.parser_cpu_s + more_s),
            self.parser_wall_s + more_s,
            self.expanded_bytes + 8 * size,
        )


DEFAULT_LIMITS = Limits()
