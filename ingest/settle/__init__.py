"""Settling: from all batches in force to the canonical tables, in whatever order the files came."""

from ingest.settle.run import settle

__all__ = ["settle"]
