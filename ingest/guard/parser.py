"""Parses source files in a guarded child: one child serves many files, and a file that ends it is refused."""

import contextlib
import logging
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from graph.errors import UnreadableSource
from ingest.guard.delivery import Delivery, NotBelieved, accept
from ingest.guard.endings import ending
from ingest.guard.looks import accept_table
from ingest.guard.process import Child, ChildEnded
from ingest.layouts import Layouts, built_in
from ingest.limits import DEFAULT_LIMITS, Allowance, Limits
from ingest.reasons import Level, Reason
from ingest.unknown import UnknownTable

logger = logging.getLogger(__name__)
_LONGEST_MESSAGE = 500


@dataclass(slots=True)
class _Order:
    """A file under way: what was asked, until when, and whether its header names an informant."""

    request: dict[str, Any]
    path: Path
    allowance: Allowance
    layouts: Layouts
    accept: Callable[[Mapping[str, Any], Path, Path, Layouts], Any]
    deadline: float = 0.0
    informant: bool = False

    @property
    def name(self) -> str:
        return str(self.request["name"])


class GuardedParser:
    """Files go in by `submit`, rows come out by `collect`, one at a time and in order.

    The child starts with the first file and is replaced after it died or grew old. What the kernel lacks
    (Landlock, seccomp) is left out; memory, CPU and wall-clock limits always hold.
    """

    def __init__(self, folder: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        """folder: private, on a disk with room for the rows of one file; made when needed."""
        self._folder, self._limits = folder, limits
        self._number = 0
        self._child: Child | None = None
        self._order: _Order | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(
        self,
        path: Path,
        name: str,
        wanted: str | None = None,
        limits: Limits | None = None,
        layouts: Layouts | None = None,
    ) -> None:
        """Start parsing the private copy at `path`; `name` is the file's own name, `wanted` a template's.

        limits, layouts: for this file, by default the parser's limits and the built-in templates. The child
        works while the caller does something else; `collect` must come before the next file.
        """
        limits, layouts = limits or self._limits, layouts or built_in()
        self._begin({"name": name, "template": wanted}, path, limits, layouts, accept)

    def look(self, path: Path, name: str, layouts: Layouts, sheet: str | None = None) -> UnknownTable:
        """The first rows of a file whose columns no template knows; errors as of `collect`.

        sheet: of a workbook, by default the one with the most named columns.
        """
        request = {"name": name, "look": True, "sheet": sheet}
        self._begin(request, path, self._limits, layouts, accept_table)
        table: UnknownTable = self._finish()
        return table

    def collect(self) -> Delivery:
        """The rows of the submitted file. UnreadableSource with its reason code when the file must wait.

        `facts["informant"]`: whether a header naming an informant was seen before. A file is held to have
        ended the child only if a child that had parsed nothing else ends at it too. EngineUnavailable when no
        child can be started.
        """
        delivery: Delivery = self._finish()
        return delivery

    def _begin(
        self,
        asked: dict[str, Any],
        path: Path,
        limits: Limits,
        layouts: Layouts,
        accepting: Callable[[Mapping[str, Any], Path, Path, Layouts], Any],
    ) -> None:
        if self._order is not None:
            raise AssertionError("a file is still being parsed")
        allowance = limits.allowance(path.stat().st_size)
        request = {**asked, "limits": asdict(limits), "allowance": asdict(allowance)}
        self._order = _Order(request, path, allowance, layouts, accepting)
        if self._child is not None and self._worn(self._child, limits, layouts):
            self._drop()
        self._hand_over(self._order)

    def _finish(self) -> Any:
        order, self._order = self._order, None
        if order is None:
            raise AssertionError("no file is being parsed")
        while True:
            try:
                return self._outcome(order)
            except ChildEnded as end:
                old = self._child is not None and self._child.served > 1
                self._drop()
                logger.warning("the parser child ended: %s", end.why)
                if not (old and end.may_be_its_age):
                    raise _killed(order, end.why) from end
            self._hand_over(order)

    @property
    def child_pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return None if self._child is None else self._child.pid

    def forget(self) -> None:
        """Leave the file under way, if there is one: who submitted it will not collect it."""
        if self._order is not None:
            self._order = None
            self._drop()

    def close(self) -> None:
        """End the child and remove its folders; a later `submit` starts anew."""
        self._order = None
        self._drop()
        shutil.rmtree(self._folder / "parsed", ignore_errors=True)

    def _hand_over(self, order: _Order) -> None:
        self._number += 1
        order.request["id"] = self._number
        if self._child is not None:
            try:
                self._child.hand_over(order.request, order.path)
            except ChildEnded:  # it died while it had nothing to do: no file's fault
                self._drop()
        if self._child is None:
            scratch = self._folder / f"parser-{os.getpid()}-{self._number}"
            self._child = Child(scratch, order.allowance.memory_bytes, order.layouts)
            with contextlib.suppress(
                ChildEnded
            ):  # one that does not start is found out when it should answer
                self._child.hand_over(order.request, order.path)
        order.deadline = time.monotonic() + order.allowance.wall_s

    def _outcome(self, order: _Order) -> Any:
        child = self._child
        if child is None:
            raise AssertionError("there is no child to answer")
        if not child.ready:
            child.wait_until_ready(self._limits.parser_start_s)
            order.deadline = time.monotonic() + order.allowance.wall_s
        while True:
            answer = child.answer(order.allowance, order.deadline)
            order.informant = order.informant or answer.get("informant") is True
            if answer.get("id") != order.request["id"] or "failed" in answer:
                raise ChildEnded(f"failed: {answer.get('failed')}"[:80])
            if "refused" in answer:
                raise _refusal(answer["refused"], order)
            if "parsed" in answer:
                own = self._folder / "parsed"
                own.mkdir(parents=True, exist_ok=True, mode=0o700)
                try:
                    return order.accept(answer["parsed"], child.scratch, own, order.layouts)
                except NotBelieved as error:
                    raise ChildEnded(f"not believed: {error}") from error

    @staticmethod
    def _worn(child: Child, limits: Limits, layouts: Layouts) -> bool:
        """Whether a child has had its share, holds on to memory, or knows other templates."""
        heavy = child.resident_bytes() > limits.parser_memory_bytes // 2
        return child.served >= limits.parser_files or heavy or child.layouts != layouts

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _refusal(refused: Any, order: _Order) -> UnreadableSource:
    """The child's refusal; ChildEnded when it is none."""
    try:
        reason, message = Reason(refused["code"]), str(refused["message"])
    except (TypeError, KeyError, ValueError) as error:
        raise ChildEnded("not believed: a refusal without a reason") from error
    if reason.level is not Level.FILE:
        raise ChildEnded("not believed: a refusal for a row's reason")
    shown = "".join(sign if sign.isprintable() else " " for sign in message)[:_LONGEST_MESSAGE]
    return _unreadable(reason, shown, order)


def _killed(order: _Order, why: str) -> UnreadableSource:
    said = ending(why, order.allowance)
    return _unreadable(Reason.PARSER_KILLED, f"{order.name}: {said.en}", order, said.zh)


def _unreadable(reason: Reason, message: str, order: _Order, zh: str = "") -> UnreadableSource:
    return UnreadableSource(
        message, code=reason.value, file=order.name, zh=zh or reason.zh, informant=order.informant
    )
