"""What replaced what: numbers, devices and frozen accounts whose neighbourhood goes on elsewhere."""

from detect.changes.find import find_changes
from detect.changes.values import Against, Change, Changes, Sign

__all__ = ["Against", "Change", "Changes", "Sign", "find_changes"]
