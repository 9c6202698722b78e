"""An error's sentence in the reader's language, where it has one."""

from graph.errors import DuanlianError
from ui.desk import Desk


def error_text(desk: Desk, error: DuanlianError) -> str:
    """The Chinese sentence that some errors carry as a fact, else the message."""
    said = error.facts.get("zh") if desk.words.language == "zh" else None
    return str(said) if said else error.message
