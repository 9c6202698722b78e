"""Logins and sessions on a Neo4j server; turns the driver's exceptions into ours."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from graph.engines.neo4j_gds.values import bound, plain
from graph.errors import EngineUnavailable, QueryFailed

if TYPE_CHECKING:
    from neo4j import Driver, ManagedTransaction

_log = logging.getLogger(__name__)
_CONNECT_S = 5.0
_RETRY_S = 15.0
_TIMED_OUT = ("TransactionTimedOut", "TransactionTimedOutClientConfiguration", "Terminated")
_FETCH = 10_000
_POSITION = re.compile(r"\(line \d+, column \d+")


def connect(uri: str, user: str, password: str) -> "Driver":
    """A driver that has logged in; EngineUnavailable when the server is down or refuses."""
    from neo4j import GraphDatabase

    driver = GraphDatabase.driver(
        uri,
        auth=(user, password),
        connection_timeout=_CONNECT_S,
        max_transaction_retry_time=_RETRY_S,
        # A notification quotes query text, which may hold personal values, into the log.
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )
    try:
        with translated():
            driver.verify_connectivity()
    except BaseException:
        driver.close()
        raise
    return driver


def can_log_in(uri: str, user: str, password: str) -> bool:
    """Whether a server at `uri` answers and lets us in; EngineUnavailable when it refuses the password."""
    try:
        connect(uri, user, password).close()
    except EngineUnavailable as error:
        if error.facts.get("refused"):
            raise
        return False
    except QueryFailed:
        return False
    return True


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's exceptions into EngineUnavailable or QueryFailed, without quoting query or values."""
    from neo4j import exceptions

    try:
        yield
    except (exceptions.AuthError, exceptions.ConfigurationError) as error:
        raise EngineUnavailable(
            "Neo4j refuses the login; give the right password in DUANLIAN_NEO4J_PASSWORD, or for the local "
            "server stop it and delete the neo4j folder of the lake, then run `python -m graph neo4j sync`.",
            refused=True,
        ) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired, OSError) as error:
        raise EngineUnavailable(
            "Neo4j does not answer; start it with `python -m graph neo4j start`, or check the address.",
            refused=False,
        ) from error
    except exceptions.Neo4jError as error:
        raise _query_failed(error.code or "", error.message or "") from error
    except exceptions.DriverError as error:
        raise QueryFailed(f"The Neo4j driver ended the query ({type(error).__name__}).") from error


class Session:
    """Runs statements of ours on one driver: reads as plain rows, writes as one transaction each."""

    def __init__(self, driver: "Driver") -> None:
        self.driver = driver

    def rows(self, text: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The answer of a read as plain maps."""
        with translated(), self.driver.session(default_access_mode="READ", fetch_size=_FETCH) as session:
            return [plain(dict(record)) for record in session.run(text, bound(values or {}))]

    def stream(self, text: str, values: Mapping[str, Any] | None = None) -> Iterator[Sequence[Any]]:
        """The answer of a read as value rows, as they come; for scalars only."""
        with translated(), self.driver.session(default_access_mode="READ", fetch_size=_FETCH) as session:
            for record in session.run(text, bound(values or {})):
                yield record.values()

    def write(self, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Run statements in one transaction; tried again when the server asks for it."""

        def work(transaction: "ManagedTransaction") -> None:
            for text, values in statements:
                transaction.run(text, bound(values)).consume()

        with translated(), self.driver.session() as session:
            session.execute_write(work)


def _query_failed(code: str, message: str) -> QueryFailed:
    title = code.rpartition(".")[2]
    _log.info("Neo4j refused a query: %s", code)
    if title in _TIMED_OUT:
        return QueryFailed(
            "Neo4j ended the query at its time limit; narrow it or allow more time.", code=code
        )
    found = _POSITION.search(message)
    where = f" at {found.group()[1:]}" if found else ""
    return QueryFailed(f"Neo4j refused the query ({title}{where}); correct it and run it again.", code=code)
