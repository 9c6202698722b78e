"""Kills, full disks and failing disks at every durable step of load, unload and settle, against a model."""

import argparse
import hashlib
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.trials import (
    BROKEN,
    HERE,
    Command,
    Fault,
    Forks,
    Outcome,
    State,
    copy_home,
    lost,
    state,
    warm,
    whole,
)
from graph.lake.home import LakeHome

SHEET = (
    "交易卡号,交易账号,交易时间,交易金额,交易余额,收付标志,交易对手账卡号,交易流水号,摘要说明,交易是否成功"
)
TIPS = "线索号,收到时间,渠道,内容,涉及号码,举报人,举报人电话"
OWN, PEER, OTHER = "88010001000000001", "88020001000000002", "88030001000000003"
_LONGEST = 20  # resumes of one trial before it counts as never ending


@dataclass(frozen=True, slots=True)
class Stage:
    """A command that starts from the home that the stages before it left, and the states it lies between."""

    name: str
    command: Command
    before: LakeHome
    old: State
    new: State
    steps: int


@dataclass(slots=True)
class Tally:
    """One row of the table: trials, those in which the fault struck, and every promise broken."""

    name: str
    trials: int = 0
    struck: int = 0
    broken: list[str] = field(default_factory=list)


def write_files(folder: Path) -> dict[str, Path]:
    """Small files of every fate: loaded, partly rejected, refused whole, and one for the vault."""

    def sheet(rows: Sequence[tuple[str, str, int, str]]) -> str:
        lines = [
            f",{own},2024-03-04 10:00:{second:02d},{amount},,出,{peer},,虚构,成功"
            for own, peer, second, amount in rows
        ]
        return "\n".join([SHEET, *lines]) + "\n"

    texts = {
        "a.csv": sheet([(OWN, PEER, i, f"{i + 1}.00") for i in range(6)] + [(OWN, PEER, 0, "1.001")]),
        "b.csv": sheet([(OWN, PEER, i, f"{i + 1}.00") for i in range(4, 9)] + [(PEER, OTHER, 9, "7.00")]),
        "c.csv": sheet([(OWN, OTHER, i, f"{i + 1}.00") for i in range(20, 23)] + [(OTHER, PEER, 30, "7.00")]),
        "tips.csv": f"{TIPS}\nT-1,2024-05-04 10:00:00,电话,虚构内容,{OWN},虚构人,15499999999\n",
        "other.csv": "品名,单价\na,1\n",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: folder / name for name in texts}


def stages(folder: Path, guarded: bool = False, forks: Forks = HERE) -> list[Stage]:
    """Load into nothing, a second load, a few rows, rebuild, unload; each run without faults for its end."""
    files = write_files(folder / "files")
    commands = {
        "load": Command((files["a.csv"], files["tips.csv"], files["other.csv"]), guarded=guarded),
        "second load": Command((files["b.csv"], files["a.csv"]), guarded=guarded),
        "few rows": Command((files["c.csv"],), guarded=guarded, share=1e9),
        "rebuild": Command(),
        "unload": Command(unload=hashlib.sha256(files["b.csv"].read_bytes()).hexdigest()),
    }
    made: list[Stage] = []
    before = LakeHome(folder / "start")
    before.root.mkdir()
    for name, command in commands.items():
        after = LakeHome(folder / f"after-{name}")
        copy_home(before, after)
        outcome = forks.run(after, command, Fault())
        if not outcome.done:
            raise SystemExit(f"{name} does not run even without faults: {outcome.said}")
        old = state(before)
        made.append(Stage(name, command, before, old, state(after), forks.steps_of(before, command)))
        before = after
    return made


def trial(stage: Stage, faults: Sequence[Fault], home: LakeHome, tally: Tally, forks: Forks = HERE) -> None:
    """Run the stage's command with the first fault, run it again with the next, ..., then to its end."""
    tally.trials += 1
    copy_home(stage.before, home)
    label = f"{stage.name} {[(f.kind, f.at, round(f.after_s, 4)) for f in faults]}"
    for fault in (*faults, *[Fault()] * _LONGEST):
        outcome = forks.run(home, stage.command, fault)
        tally.struck += fault.kind != "none" and outcome.code != 0
        problem = _problem(stage, home, outcome, fault)
        if problem:
            tally.broken.append(f"{label}: {problem}")
            return
        if outcome.done and fault.kind == "none":
            break
        if fault.kind == "none":
            tally.broken.append(f"{label}: running it again ends with {outcome.code}: {outcome.said}")
            return
    found = state(home)
    for name in ("accounts", "batches", "digest", "custody", "files"):
        if getattr(found, name) != getattr(stage.new, name):
            tally.broken.append(f"{label}: {name} differ after the resume")


def _problem(stage: Stage, home: LakeHome, outcome: Outcome, fault: Fault) -> str:
    """What is wrong with the home as the fault left it; looked at in a copy, so that nothing is mended."""
    if outcome.code == BROKEN:
        return "it ended with an exception outside the family of errors"
    if fault.kind in ("ENOSPC", "EIO", "short", "size") and outcome.code not in (0, 1):
        return f"it ended with {outcome.code} instead of a sentence"
    copy = LakeHome(home.root.with_name(home.root.name + "-seen"))
    copy_home(home, copy)
    torn, missing, digest = whole(copy), lost(copy, stage.command, outcome), state(copy).digest
    if torn:
        return f"torn: {torn}"
    if missing:
        return f"lost: {missing}"
    return "" if digest in (stage.old.digest, stage.new.digest) else "tables of neither before nor after"


def placed(made: Sequence[Stage], kind: str, limit: int, draw: random.Random) -> list[tuple[Stage, Fault]]:
    """One fault of a kind at every durable step of every stage, or `limit` of them drawn."""
    every = [(stage, Fault(kind, n)) for stage in made for n in range(1, stage.steps + 1)]
    return every if len(every) <= limit else draw.sample(every, limit)


def kills(made: Sequence[Stage], home: LakeHome, limit: int, draw: random.Random) -> Tally:
    """The process dies at step n = 1, 2, 3 ..."""
    tally = Tally("killed at a durable step")
    for stage, fault in placed(made, "kill", limit, draw):
        trial(stage, [fault], home, tally)
    return tally


def kills_of_recovery(made: Sequence[Stage], home: LakeHome, limit: int, draw: random.Random) -> Tally:
    """It dies at a step, and what resumes it dies at a step, and once more: twice in a row."""
    tally = Tally("killed again while recovering, twice")
    for stage, fault in placed(made, "kill", limit, draw):
        more = [Fault("kill", draw.randint(1, stage.steps)) for _ in range(2)]
        trial(stage, [fault, *more], home, tally)
    return tally


def refusals(made: Sequence[Stage], kind: str, home: LakeHome, limit: int, draw: random.Random) -> Tally:
    """The disk refuses a step."""
    names = {"ENOSPC": "disk full", "EIO": "input/output error", "short": "half a file, then an error"}
    tally = Tally(f"{names[kind]} at a durable step")
    for stage, fault in placed(made, kind, limit, draw):
        trial(stage, [fault], home, tally)
    return tally


def sizes(made: Sequence[Stage], home: LakeHome) -> Tally:
    """No file may grow beyond so many bytes: the system itself refuses, also SQLite's writes."""
    tally = Tally("file size limit of the system")
    for stage in made:
        for limit in (0, 700, 3000, 20000):
            trial(stage, [Fault("size", limit)], home, tally)
    return tally


def memory(made: Sequence[Stage], home: LakeHome) -> Tally:
    """The parser's child gets too little memory: its files wait, and the usual command loads them later."""
    tally = Tally("memory limit of the parser's child", trials=1)
    stage = made[0]
    copy_home(stage.before, home)
    outcome = HERE.run(home, replace(stage.command, guarded=True, parser_memory=32 << 20), Fault())
    tally.struck = int("PARSER_KILLED" in str(state(home).accounts))
    if not outcome.done or not tally.struck:
        tally.broken.append(f"the files did not wait: {outcome.said}")
    HERE.run(home, stage.command, Fault())
    found = state(home)
    if (found.digest, found.custody, found.batches) != (
        stage.new.digest,
        stage.new.custody,
        stage.new.batches,
    ):
        tally.broken.append("the usual command does not load what waited")
    return tally


def random_kills(made: Sequence[Stage], home: LakeHome, count: int, draw: random.Random, name: str) -> Tally:
    """The whole process group dies at a random time, and again while it recovers, until `count` kills struck.

    A kill that comes after the command's end strikes nothing; three times as many trials are the most.
    """
    tally = Tally(name)
    spans = {stage.name: _span(stage, home) for stage in made}
    while tally.struck < count and tally.trials < 3 * count:
        stage = draw.choice(made)
        times = [draw.uniform(0, spans[stage.name]) for _ in range(draw.randint(1, 2))]
        trial(stage, [Fault("group", after_s=after_s) for after_s in times], home, tally)
    return tally


def report(tallies: Sequence[Tally], wall_s: float) -> int:
    """Print every broken promise and the sum; 1 when there is one."""
    for tally in tallies:
        for line in tally.broken:
            print(f"BROKEN {tally.name}: {line}")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(usage.ru_utime + usage.ru_stime for usage in used)
    print(f"{sum(t.trials for t in tallies)} trials, {cpu_s:.0f} CPU-s, {wall_s:.0f} s wall")
    return int(any(tally.broken for tally in tallies))


def line(tally: Tally) -> Tally:
    """Print a row of the table as soon as it is known."""
    print(f"{tally.name:<42}{tally.trials:>8}{tally.struck:>8}{len(tally.broken):>8}", flush=True)
    return tally


def _span(stage: Stage, home: LakeHome) -> float:
    """How long the stage's command takes when nothing is in its way."""
    spans = []
    for _ in range(3):
        copy_home(stage.before, home)
        started = time.monotonic()
        HERE.run(home, stage.command, Fault())
        spans.append(time.monotonic() - started)
    return min(spans)


def main() -> int:
    """Print the table; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--points", type=int, default=1000, help="at most so many kills at steps, and again")
    parser.add_argument("--random", type=int, default=200, help="kills of the process group at random times")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    started, draw = time.monotonic(), random.Random(options.seed)
    warm()
    with tempfile.TemporaryDirectory(prefix="duanlian-faults-") as name:
        place, points = Path(name), options.points
        made, home = stages(place / "here"), LakeHome(place / "trial")
        print("durable steps:", ", ".join(f"{stage.name} {stage.steps}" for stage in made), flush=True)
        print(f"{'fault':<42}{'trials':>8}{'struck':>8}{'broken':>8}", flush=True)
        tallies = [line(kills(made, home, points, draw))]
        tallies.append(line(kills_of_recovery(made, home, points, draw)))
        for kind in ("ENOSPC", "EIO", "short"):
            tallies.append(line(refusals(made, kind, home, points // 25, draw)))
        tallies.append(line(sizes(made, home)))
        tallies.append(line(memory(made, home)))
        guarded = max(1, options.random // 10)
        often = options.random - guarded
        tallies.append(line(random_kills(made, home, often, draw, "group killed at a random time")))
        child = stages(place / "guarded", guarded=True)[:1]
        tallies.append(line(random_kills(child, home, guarded, draw, "the same with the parser's child")))
    return report(tallies, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
