"""A small planted world for the gang tests: one ring, and honest groups that look like one."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from detect.worlds import World, build_world
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, write_tables

DAY = "2024-03-0{day}T{hour:02d}:{minute:02d}+08:00"


def at(day: int, hour: int, minute: int = 0) -> str:
    """An instant of the world's window."""
    return DAY.format(day=day, hour=hour, minute=minute)


def ring(name: str = "R", device: str = "V") -> list[str]:
    """Six lent accounts on one device: two victims pay the first, sums pass on within minutes."""
    k = [f"{name}K{i}" for i in range(1, 7)]
    lines = [f"{name}P{i} HOLDS {k[i - 1]}" for i in range(1, 7)]
    lines += [f"{k[i]} LOGGED_IN {name}{device} at={at(2, 9 + i)}" for i in range(6)]
    lines += [f"{k[i]} LOGGED_IN {name}{device} at={at(3, 9 + i)}" for i in range(6)]
    for number, day in ((1, 4), (2, 5)):
        victim, report = f"{name}VK{number}", f"{name}J{number}"
        lines += [
            f"{name}VP{number} HOLDS {victim}",
            f"{victim} TRANSFER {k[0]} at={at(day, 10)} amount=30000",
            f"{report} PAID_FROM {victim} at={at(day, 10)} amount=30000",
            f"{report} PAID_TO {k[0]} at={at(day, 10)} amount=30000",
            f"{k[0]} TRANSFER {k[1]} at={at(day, 10, 9)} amount=15000",
            f"{k[0]} TRANSFER {k[2]} at={at(day, 10, 12)} amount=14900",
            f"{k[1]} TRANSFER {k[3]} at={at(day, 10, 30)} amount=14900",
            f"{k[2]} TRANSFER {k[4]} at={at(day, 10, 31)} amount=14800",
        ]
    return lines


def boss(name: str = "R", contacts: int = 3) -> list[str]:
    """Someone without any account who calls several holders of the ring again and again."""
    lines = [f"{name}BOSS HOLDS {name}BS"]
    for i in range(1, contacts + 1):
        lines.append(f"{name}P{i} HOLDS {name}S{i}")
        lines.append(f"{name}BS CALLED {name}S{i} at={at(2, 20, i)} every=P1D times=6")
    return lines


def family() -> list[str]:
    """Four at one address with one device and one reserved phone."""
    lines = ["FP1 HOLDS FS"]
    for i in range(1, 5):
        lines += [
            f"FP{i} HOLDS FK{i}",
            f"FP{i} LIVES_AT FHOME",
            f"FK{i} BOUND_TO FS",
            f"FK{i} LOGGED_IN FV at={at(i, 19)} every=PT1H times=3",
        ]
    return [*lines, f"FK1 TRANSFER FK2 at={at(3, 12)} amount=2000 every=P1D times=3"]


def payroll() -> list[str]:
    """A company that opened accounts for ten together and pays them in one minute."""
    lines = ["Organization:CO HOLDS CK", f"BIGK TRANSFER CK at={at(5, 8)} amount=90000"]
    for i in range(1, 11):
        lines += [
            f"CP{i} HOLDS CK{i}",
            f"CK{i} OPENED_AT CB at={at(1, 9, 5 * i)}",
            f"CK TRANSFER CK{i} at={at(5, 9, i)} amount=8000",
        ]
    return lines


def campus(count: int = 60) -> list[str]:
    """Many holders behind one address within the same minutes."""
    lines = [f"UP{i} HOLDS UK{i}" for i in range(1, count + 1)]
    return lines + [f"UK{i} LOGGED_IN_FROM UIP at={at(6, 12, i % 10)}" for i in range(1, count + 1)]


def market() -> list[str]:
    """A shop paid by thirty customers, passing nearly all on to its supplier."""
    lines = ["MP HOLDS MK", "MSP HOLDS MSK"]
    for i in range(1, 31):
        lines += [f"MCP{i} HOLDS MCK{i}", f"MCK{i} TRANSFER MK at={at(7, 9, i)} amount=1200"]
    return [*lines, f"MK TRANSFER MSK at={at(7, 11)} amount=35000"]


def honest() -> list[str]:
    """All honest groups."""
    return family() + payroll() + campus() + market()


def lake(folder: Path, lines: Sequence[str], shuffle: int | None = None) -> tuple[World, LakeTables]:
    """The lines as a lake; `shuffle` puts the rows of each table in another order first."""
    world = build_world(lines)
    frames = world.frames
    if shuffle is not None:
        frames = {n: f.sample(fraction=1.0, shuffle=True, seed=shuffle) for n, f in frames.items()}
    return world, write_tables(LakeHome(folder), frames)


def rows_of(tables: LakeTables) -> set[tuple[str, int]]:
    """Every (source, row) that some table of the lake has."""
    found: set[tuple[str, int]] = set()
    for name, count in tables.rows.items():
        if count:
            found |= set(tables.frame(name).select(pl.col("source"), pl.col("row")).iter_rows())
    return found
