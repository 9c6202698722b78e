"""A small lake with one sign that tells lent accounts from others, and labels decided some days off."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from detect.learn.labels import Label, LabelFile
from detect.pipeline import run_detection
from detect.rule import load_rules
from detect.worlds import World, build_world
from graph.lake.home import LakeHome
from graph.lake.tables import write_tables

RULES = tuple(rule for rule in load_rules() if rule.id in ("D01", "C04"))
GROUPS = 20
FIRST = datetime(2024, 3, 1, 1, tzinfo=UTC)


def written(folder: Path) -> tuple[LakeHome, World]:
    """Sixty accounts (K1..) that log in three to a device, a device in three days; sixty (H1..) on their own.

    Each has a holder of its own; D01 finds the first sixty and nothing else, C04 the first two.
    """
    lines = []
    for account in range(1, 3 * GROUPS + 1):
        group = (account - 1) // 3
        at = (FIRST + timedelta(days=3 * group, minutes=account)).isoformat()
        lines += [f"A{account} HOLDS K{account}", f"K{account} LOGGED_IN D{group + 1} at={at}"]
        lines += [f"B{account} HOLDS H{account}", f"H{account} LOGGED_IN E{account} at={at}"]
    world = build_world([*lines, "K1 BOUND_TO S", "K2 BOUND_TO S"])
    home = LakeHome(folder)
    write_tables(home, world.frames)
    run_detection(home, rules=[rule.id for rule in RULES])
    return home, world


def labels_of(world: World, days: float) -> LabelFile:
    """Labels decided `days` after each account's login: K are mules, H are not."""
    found = []
    for account in range(1, 3 * GROUPS + 1):
        at = FIRST + timedelta(days=3 * ((account - 1) // 3) + days, minutes=account)
        for name, mule in ((f"K{account}", True), (f"H{account}", False)):
            found.append(Label(len(found) + 2, world.names[name].key, mule, at))
    return LabelFile(tuple(found), (), "0" * 64)
