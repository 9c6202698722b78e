"""Brings Neo4j to the lake's state by bulk import or in batches; a marker in the graph decides."""

import hashlib
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass

from graph.engines.neo4j_gds.bulk import bulk_import
from graph.engines.neo4j_gds.changes import differences, marked, statements
from graph.engines.neo4j_gds.home import Memory, Neo4jHome, neo4j_home, prepare
from graph.engines.neo4j_gds.install import Runtime, needed_runtime
from graph.engines.neo4j_gds.layout import constraint_statements, index_statements
from graph.engines.neo4j_gds.process import free_port
from graph.engines.neo4j_gds.readback import read_counts
from graph.engines.neo4j_gds.server import running, start_on, stop_running
from graph.engines.neo4j_gds.session import Session, connect
from graph.engines.neo4j_gds.store import LOCAL, open_session
from graph.engines.neo4j_gds.synced import SyncedStates
from graph.engines.neo4j_gds.verify import Verdict, verify
from graph.errors import EngineUnavailable, QueryFailed
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, empty_tables

_log = logging.getLogger(__name__)
_DONE = -1
_LOAD_INDEX = "CREATE CONSTRAINT load_chunk IF NOT EXISTS FOR (l:_Load) REQUIRE (l.batch, l.chunk) IS UNIQUE"
# Above this the import of everything, with its two Java starts, is quicker than transactions.
BATCHES_UP_TO = 100_000
# Pauses before going on with a server that went away: it may be starting again.
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the graph says about itself: the state it holds, and chunks of a change that was cut short."""

    state: str | None
    chunks: dict[str, set[int]]
    empty: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """How a sync went: none, batches or rebuild, with how many rows went in and out."""

    way: str
    verdict: Verdict
    added: int = 0
    removed: int = 0


def sync(
    url: str,
    home: LakeHome,
    tables: LakeTables,
    rebuild: bool = False,
    memory: Memory | None = None,
    runtime: Runtime | None = None,
) -> dict[str, object]:
    """Bring the server at `url` to the state `tables`; the local one is started when it is not running.

    Gives {"way": none | batches | rebuild, "digest", "equal", "compared", "added", "removed", "seconds"}.
    A large change of the local server is a rebuild: a fresh home is imported, checked, and put in force.
    EngineUnavailable when the server can't be had; QueryFailed when another server holds a graph that is
    not this lake's, or the graph still differs afterwards.
    """
    began = time.monotonic()
    if url == LOCAL:
        place = neo4j_home(home)
        with place.locked():
            done = _sync_local(place, tables, rebuild, memory or Memory(), runtime or needed_runtime())
    else:
        done = _sync_other(url, home, tables, rebuild)
    _log.info("Neo4j synced: %s, %d rows in, %d out", done.way, done.added, done.removed)
    return {
        "way": done.way,
        "digest": tables.digest.digest if done.verdict.equal else None,
        "equal": done.verdict.equal,
        "compared": done.verdict.compared,
        "added": done.added,
        "removed": done.removed,
        "seconds": round(time.monotonic() - began, 1),
    }


def _sync_local(
    place: Neo4jHome, tables: LakeTables, rebuild: bool, memory: Memory, runtime: Runtime
) -> _Done:
    states = SyncedStates(place.root / "synced")
    target = states.keep(tables)

    def increment() -> _Done | None:
        try:
            server = running(place) or start_on(place, place.current(), memory, runtime)
        except EngineUnavailable:
            _log.warning("the local Neo4j does not open; it is built anew")
            return None
        session = Session(connect(server.uri, server.user, server.password))
        try:
            return _by_batches(session, states, target)
        finally:
            session.driver.close()

    done = None if rebuild else _persistently(increment)
    if done is not None and done.verdict.equal:
        return done
    return _rebuilt(place, states, target, memory, runtime)


def _persistently(increment: Callable[[], _Done | None]) -> _Done | None:
    """Go on where the graph's own markers say, each time the server went away; not if it refuses the login.

    Nothing is asked of what was sent before: every write may be repeated, and a reply may have been lost.
    """
    for pause_s in _PAUSES_S:
        try:
            return increment()
        except EngineUnavailable as error:
            if error.facts.get("refused"):
                raise
            _log.warning("Neo4j went away during the sync; going on in %.1f s", pause_s)
            time.sleep(pause_s)
    return increment()


def _sync_other(url: str, home: LakeHome, tables: LakeTables, rebuild: bool) -> _Done:
    key = hashlib.sha256(url.encode("utf-8")).hexdigest()[:12]
    states = SyncedStates(home.neo4j / f"synced-{key}")
    open_session(url, home).driver.close()  # one that can't be had at all is said at once
    done = _persistently(lambda: _increment_other(open_session(url, home), states, tables, rebuild))
    if done is None or not done.verdict.equal:
        raise QueryFailed(
            "This Neo4j differs from the lake after the sync; empty its database and run it again."
        )
    return done


def _increment_other(
    session: Session, states: SyncedStates, tables: LakeTables, rebuild: bool
) -> _Done | None:
    try:
        marks = _marks(session)
        if rebuild or not (marks.empty or (marks.state and states.find(marks.state))):
            raise QueryFailed(
                "This Neo4j can't be rebuilt from here or holds another graph; empty its database and run "
                "`python -m graph neo4j sync` again."
            )
        return _by_batches(session, states, states.keep(tables), other=True)
    finally:
        session.driver.close()


def _by_batches(
    session: Session, states: SyncedStates, target: LakeTables, other: bool = False
) -> _Done | None:
    """Write only what differs; None when a rebuild is quicker.

    other: the server is not our own local one, so a graph in an unknown state is not touched.
    """
    marks, batch = _marks(session), target.state
    if marks.state == batch and not marks.chunks:
        return _Done("none", verify(session, target))
    base = _base(marks, states, batch)
    if base is None:
        if other or not _emptied(session):
            return None
        marks, base = _marks(session), empty_tables()
    change = f"{marks.state or ''}>{batch}"
    found = differences(base, target)
    added, removed = (sum(getattr(d, side).height for d in found) for side in ("added", "removed"))
    if added + removed > BATCHES_UP_TO and not other:
        return None
    _put_constraints(session, target)
    seen = marks.chunks.get(change, set())
    for chunk, (text, values) in enumerate(statements(found)):
        if chunk not in seen:
            session.write(marked(text, values, change, chunk))
    _mark_done(session, batch)
    verdict = verify(session, target)
    _put_indexes(session, target)
    states.forget_all_but(batch)
    return _Done("batches", verdict, added, removed)


def _base(marks: _Marks, states: SyncedStates, batch: str) -> LakeTables | None:
    """The state that the graph holds, apart from a cut short change to `batch`; None when it is not known."""
    if set(marks.chunks) - {f"{marks.state or ''}>{batch}"}:
        return None
    if marks.state is not None:
        return states.find(marks.state)
    return empty_tables() if marks.empty or marks.chunks else None


def _emptied(session: Session) -> bool:
    """Empty a small graph whose state is not known; whether it was small."""
    if sum(read_counts(session).values()) > BATCHES_UP_TO:
        return False
    session.write([("MATCH (n) DETACH DELETE n", {})])
    return True


def _rebuilt(
    place: Neo4jHome, states: SyncedStates, target: LakeTables, memory: Memory, runtime: Runtime
) -> _Done:
    """Import everything into a fresh home, check it and put it in force; a wrong one is set aside."""
    fresh = place.fresh()
    prepare(fresh, runtime, place.password(), free_port(), memory)
    bulk_import(target, fresh, runtime, memory)
    stop_running(place)
    server = start_on(place, fresh, memory, runtime)
    session = Session(connect(server.uri, server.user, server.password))
    try:
        _put_constraints(session, target)
        _mark_done(session, target.state)
        verdict = verify(session, target)
        _put_indexes(session, target)
    except BaseException:
        # What was never compared must not go on answering as the local Neo4j.
        stop_running(place)
        raise
    finally:
        session.driver.close()
    if not verdict.equal:
        stop_running(place)
        aside = place.root / "aside"
        shutil.rmtree(aside, ignore_errors=True)
        fresh.rename(aside)
        raise QueryFailed(
            f"The rebuilt Neo4j differs from the lake ({verdict.compared}); it was kept at {aside}; run "
            "`python -m ingest rebuild`, then `python -m graph neo4j sync --rebuild`."
        )
    place.swap(fresh)
    states.forget_all_but(target.state)
    return _Done("rebuild", verdict, sum(target.rows.values()))


def _put_constraints(session: Session, tables: LakeTables) -> None:
    present = {name for name, rows in tables.rows.items() if rows}
    session.write([(text, {}) for text in (*constraint_statements(present), _LOAD_INDEX)])


def _put_indexes(session: Session, tables: LakeTables) -> None:
    """Begin the indexes of searches; the server fills them in the background."""
    present = {name for name, rows in tables.rows.items() if rows}
    session.write([(text, {}) for text in index_statements(present)])


def _mark_done(session: Session, batch: str) -> None:
    texts = ["MATCH (l:_Load) DELETE l", "CREATE (:_Load {batch: $batch, chunk: $chunk})"]
    values = {"batch": batch, "chunk": _DONE}
    session.write([(text, values) for text in texts])


def _marks(session: Session) -> _Marks:
    state: str | None = None
    chunks: dict[str, set[int]] = {}
    for row in session.rows("MATCH (l:_Load) RETURN l.batch AS batch, l.chunk AS chunk"):
        if row["chunk"] == _DONE:
            state = row["batch"]
        else:
            chunks.setdefault(row["batch"], set()).add(row["chunk"])
    some = session.rows("MATCH (n) WHERE NOT n:_Load RETURN true AS found LIMIT 1")
    return _Marks(state, chunks, not some)
