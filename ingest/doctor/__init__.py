"""The data doctor: how far what is loaded can be trusted, and why not further."""

from ingest.doctor.examination import Examination, examine

__all__ = ["Examination", "examine"]
