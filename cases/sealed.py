"""Reads and extends one append-only file of people's acts, and believes no row that was changed or cut."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from cases.access import Action
from cases.audit import Audit, audit_path
from cases.chain import GENESIS, Chain, Values, row_problem
from graph.durable import storage_failed
from graph.errors import EvidenceBroken
from graph.lake.home import LakeHome

OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Sealed:
    """The rows of one chained file of a home.

    what: what the file keeps, for sentences. actions: whose finished acts the audit remembers by a head of
    this file, so that a row which was acknowledged and is gone is missed. private: its owner alone reads it.
    """

    home: LakeHome
    chain: Chain
    what: str
    actions: Sequence[Action]
    private: bool = False

    def append(
        self, values: Values, allow: Callable[[list[Values]], None] = lambda _: None
    ) -> tuple[int, str]:
        """Store one row for good; its number and the head `seq:hash` of the file with it.

        allow: sees every row while no other writer can add one, and raises to refuse the new one.
        EvidenceBroken when the rows before can't be believed.
        """
        known = self.known()
        with self.readable():
            self._close_to_others()
            seq, own = self.chain.append(values, lambda open_file: allow(self._checked(open_file, known)))
        return seq, f"{seq}:{own}"

    def rows(self) -> list[Values]:
        """Every row, oldest first; EvidenceBroken when one was changed, cut or removed."""
        known = self.known()
        if not self.chain.path.exists():
            self._against(known, {})
            return []
        with self.readable(), self.chain.open() as connection:
            return self._checked(connection, known)

    def known(self) -> list[str]:
        """The heads the audit has acknowledged; asked for before the file, to which a writer may add."""
        audit = Audit(audit_path(self.home))
        return [head for action in self.actions for head in audit.digests(action.value)]

    def every(self) -> tuple[list[Values], list[tuple[Values, str]], list[str]]:
        """Whole rows, (row, problem) of those that were changed, and sentences on rows that are missing.

        For a file whose other rows may be read on when one is damaged; each reader says what it leaves out.
        """
        known, hashes, whole = self.known(), {0: GENESIS}, list[Values]()
        broken: list[tuple[Values, str]] = []
        found: list[Values] = []
        if self.chain.path.exists():
            with self.readable(), self.chain.open() as connection:
                found = list(self.chain.rows(connection))
        missing, previous, number = list[str](), GENESIS, 0
        for values in found:
            problem = row_problem(values["seq"], values, values["previous_hash"], tuple(self.chain.fields))
            broken += [(values, problem)] if problem else []
            whole += [] if problem else [values]
            # What is cut out is missed where the next row stands; that row itself is what it was.
            if values["seq"] != number + 1 or values["previous_hash"] != previous:
                missing.append(f"A row is missing or differs before row {values['seq']}")
            number, previous = values["seq"], values["hash"]
            hashes[number] = previous
        missing += _missing(known, hashes)
        return whole, broken, [self.broken(why).message for why in missing]

    def broken(self, why: str) -> EvidenceBroken:
        """The error that names this file and what is wrong with it."""
        name = self.chain.path.name
        return EvidenceBroken(
            f"{name}, which keeps {self.what}, is damaged: {why}; restore it from a backup.", file=name
        )

    @contextmanager
    def readable(self) -> Iterator[None]:
        """Says in one sentence what SQLite or the disk refused."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if not any(word in str(error) for word in ("locked", "full", "readonly", "open")):
                raise self.broken("It can't be read") from error
            raise storage_failed(self.chain.path.name, str(error)) from error
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
            raise self.broken("It can't be read") from error

    def _checked(self, connection: sqlite3.Connection, known: Iterable[str]) -> list[Values]:
        hashes: dict[int, str] = {}
        previous, found = GENESIS, []
        for number, values in enumerate(self.chain.rows(connection), start=1):
            problem = row_problem(number, values, previous, tuple(self.chain.fields))
            if problem:
                raise self.broken(f"{problem.rstrip('.')} (row {number})")
            previous = hashes[number] = values["hash"]
            found.append(values)
        self._against(known, hashes)
        return found

    def _against(self, known: Iterable[str], hashes: Mapping[int, str]) -> None:
        """Refuse a file that lacks a row the audit has acknowledged."""
        for why in _missing(known, hashes):
            raise self.broken(why)

    def _close_to_others(self) -> None:
        if self.private:
            self.chain.path.parent.mkdir(parents=True, exist_ok=True)
            self.chain.path.touch(OWNER_ONLY)
            self.chain.path.chmod(OWNER_ONLY)


def _missing(known: Iterable[str], hashes: Mapping[int, str]) -> Iterator[str]:
    for head in known:
        number, _, wanted = head.partition(":")
        if hashes.get(int(number)) != wanted:
            yield f"Row {number}, which the audit names, is missing or differs"
