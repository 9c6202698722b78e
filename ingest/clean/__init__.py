"""Cleaners: one value kind each, over whole columns, flagging what they doubt and never repairing."""

from ingest.clean.cleaned import Cleaned
from ingest.clean.column import clean_column

__all__ = ["Cleaned", "clean_column"]
