// Colours of the page, read from Streamlit's variables and followed when the page turns dark or light.
import { brightness } from "./colour.js";
import { el } from "./dom.js";
import { styleFor } from "./look.js";

export function watchTheme(root, changed) {
  // A canvas doesn't restyle itself: a transition on this probe tells when a variable took another value.
  const probe = el("span", { class: "probe", "aria-hidden": true });
  const accent = el("span", { class: "probe accent", "aria-hidden": true });
  root.append(probe, accent);
  const theme = { now: null, paint: null, stop: null };
  let chart = null;
  const update = () => {
    const next = read(probe, accent);
    if (JSON.stringify(next) === JSON.stringify(theme.now)) return;
    theme.now = next;
    root.classList.toggle("dark", next.dark);
    if (chart === null) return;
    chart.style(styleFor(next));
    changed(next);
  };
  theme.paint = (cy) => {
    chart = cy;
    theme.now = null;
    update();
  };
  theme.restyle = () => chart?.style(styleFor(theme.now));
  theme.stop = () => root.removeEventListener("transitionend", update);
  root.addEventListener("transitionend", update);
  return theme;
}

function read(probe, accent) {
  const colours = getComputedStyle(probe);
  const ground = colours.backgroundColor;
  return {
    ground,
    text: colours.color,
    border: colours.borderTopColor,
    accent: getComputedStyle(accent).color,
    dark: brightness(ground) < 0.5,
  };
}
