"""Builders of control events for tests: local times, one made-up source, a document for each row."""

from datetime import datetime
from typing import Any

from funds.controls.account import AccountControls
from funds.controls.events import Act, ControlEvent, Measure, Mode
from funds.controls.steps import Outcome, step
from graph.parameters import read_instant

SOURCE = "5" * 64


def local(text: str) -> datetime:
    return read_instant(text)


def said(what: str, at: str | datetime, order: str = "K1", **values: Any) -> ControlEvent:
    """`stop executed` at a local time; document and row follow from nothing but the words."""
    measure, act = what.split()
    values = {"document": f"D-{order}-{act}", "row": 1, "source": SOURCE} | values
    when = local(at) if isinstance(at, str) else at
    return ControlEvent(order=order, measure=Measure(measure), act=Act(act), at=when, **values)


def after(*events: ControlEvent) -> AccountControls:
    """The account after events that are all allowed."""
    account = AccountControls("A")
    for event in events:
        outcome = step(account, event)
        assert outcome.refusal is None, outcome.refusal
        account = outcome.account
    return account


def last(*events: ControlEvent) -> Outcome:
    """What the last event brings after the others, which are all allowed."""
    return step(after(*events[:-1]), events[-1])


def code(*events: ControlEvent) -> str | None:
    refusal = last(*events).refusal
    return refusal.code if refusal else None


def stop(number: str, at: str, **values: Any) -> tuple[ControlEvent, ControlEvent]:
    return said("stop requested", at, number), said("stop executed", at, number, **values)


def freeze(number: str, at: str, **values: Any) -> tuple[ControlEvent, ControlEvent]:
    asked = {"mode": Mode.RECEIVE_ONLY} | values
    return said("freeze requested", at, number), said("freeze executed", at, number, **asked)
