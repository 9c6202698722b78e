"""Reads the module of a screen when it is first shown, one thread at a time."""

import threading
from importlib import import_module
from types import ModuleType

_TURN = threading.Lock()


def screen_module(name: str) -> ModuleType:
    """The module `ui.screens.NAME`.

    A click while a screen is still being read starts a second thread. Two threads that read pandas at once
    see it half made (Python breaks what would be a deadlock of import locks that way), so they take turns.
    """
    with _TURN:
        return import_module(f"ui.screens.{name}")
