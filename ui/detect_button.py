"""What screens about findings begin with: the last detection, or the button that runs one with progress."""

import streamlit as st

from detect.results import Detection
from graph.errors import DuanlianError
from ui.desk import Desk, detection


def detected(desk: Desk) -> Detection | None:
    """The last detection, with a warning when the data is newer; None once the screen said why not."""
    words = desk.words
    if desk.empty:
        st.info(words("empty.lake"), icon=":material/info:")
        return None
    found, state = detection(desk)
    if found is None:
        st.info(words("empty.detection"), icon=":material/info:")
        detect_button(desk, again=False)
        return None
    if state == "stale":
        st.warning(words("empty.stale"))
    return found


def detect_button(desk: Desk, again: bool) -> None:
    """Draw the button; pressed, detection runs on the embedded engine and the screen is drawn anew."""
    words = desk.words
    label = words("detect.again" if again else "detect.run")
    if not st.button(label, type="primary", icon=":material/troubleshoot:"):
        return
    # Only a press pays for the detectors: drawn, the button needs none of them.
    from detect.pipeline import STAGES, run_detection

    with st.status(words("detect.running"), expanded=True) as status:
        bar = st.progress(0.0)

        def tell(stage: str) -> None:
            bar.progress(STAGES.index(stage) / len(STAGES), text=words(f"stage.{stage}"))

        try:
            found = run_detection(
                desk.home,
                progress=tell,
            )
        except DuanlianError as error:
            status.update(label=words("frame.failed"), state="error")
            st.error(error.message)
            return
        done = words(
            "detect.done", gangs=len(found.gangs), mules=len(found.mules), findings=len(found.findings)
        )
        status.update(label=done, state="complete")
    st.rerun()
