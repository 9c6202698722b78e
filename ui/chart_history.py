"""The chart's history as a list of steps; choosing one goes back, or forward again, to it."""

import streamlit as st

from cases.steps import Step, steps_of
from ui.desk import Desk
from ui.navigate import history, remember

_SHOWN = 25


def history_list(desk: Desk) -> None:
    """A pop-over with the newest steps first; what was undone stands above the present, faded."""
    words, now = desk.words, history()
    steps = steps_of(now)
    with st.popover(words("hands.history", n=len(now.past)), icon=":material/history:", disabled=not steps):
        present = len(now.past)
        newest = min(len(steps), present + _SHOWN // 2)
        for number in range(newest, max(-1, newest - _SHOWN), -1):
            text = _text(desk, steps[number - 1]) if number else words("hands.step_start")
            back = present - number
            mark = "radio_button_checked" if back == 0 else "history" if back > 0 else "redo"
            if st.button(
                f"{number}. {text}", key=f"step-{number}", type="tertiary", icon=f":material/{mark}:",
                disabled=back == 0,
            ):  # fmt: skip
                remember(now.back_to(back))
                st.rerun(scope="fragment")


def _text(desk: Desk, step: Step) -> str:
    return desk.words(f"hands.step_{step.kind}", n=step.count)
