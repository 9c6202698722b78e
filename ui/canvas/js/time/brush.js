// The brush: drag to make, move and resize it; every step by keyboard too. A click without a drag chooses a bar.
import { svg } from "../dom.js";
import { instantText, rounded, SECOND } from "./clock.js";

const CLICK_PX = 4;
const EDGE_PX = 7;

export function createBrush(time) {
  const brush = { drag: null };
  brush.held = () => time.stage.getRootNode().activeElement?.dataset?.part;
  brush.place = (held) => place(time, held ?? brush.held());
  time.stage.addEventListener("pointerdown", (event) => begin(time, brush, event));
  time.stage.addEventListener("pointermove", (event) => move(time, brush, event));
  for (const name of ["pointerup", "pointercancel"]) time.stage.addEventListener(name, (event) => end(time, brush, event));
  time.stage.addEventListener("pointerleave", () => brush.drag === null && time.card.hide());
  time.stage.addEventListener("wheel", (event) => wheel(time, event), { passive: false });
  time.stage.addEventListener("keydown", (event) => pressed(time, event));
  return brush;
}

// The part outside is veiled; the window has two handles that the keyboard reaches.
function place(time, held) {
  const over = time.stage.querySelector(".over");
  if (over === null) return;
  const { left, right, height, x } = time.laid;
  const inside = (ms) => Math.min(right, Math.max(left, x(ms)));
  const parts = [];
  if (time.window !== null) {
    const [from, to] = time.window.map(inside);
    parts.push(
      svg("rect", { x: left, y: 0, width: Math.max(0, from - left), height, class: "veil" }),
      svg("rect", { x: to, y: 0, width: Math.max(0, right - to), height, class: "veil" }),
      handle(time, "body", { x: from, width: Math.max(1, to - from) }, time.window[0], "whole"),
      handle(time, "from", { x: from - 3, width: 6 }, time.window[0], "from"),
      handle(time, "to", { x: to - 3, width: 6 }, time.window[1], "to"),
    );
  } else parts.push(handle(time, "plot", { x: left, width: right - left }, time.view[0], "plot"));
  over.replaceChildren(...parts);
  if (held === undefined) return;
  // A window that was cleared leaves the axis itself to hold on to.
  const next = over.querySelector(`[data-part="${held}"]`) ?? over.querySelector("[data-part]");
  next.focus({ preventScroll: true });
}

function handle(time, part, box, ms, word) {
  const slider = part === "from" || part === "to";
  const said = slider ? { "aria-valuenow": Math.round(ms / SECOND), "aria-valuetext": instantText(ms) } : {};
  return svg("rect", {
    ...box, ...said, y: 0, height: time.laid.height, class: `part ${part}`, tabindex: "0", "data-part": part,
    role: slider ? "slider" : "group", "aria-label": time.say(`brush_${word}`),
  });
}

function point(time, event) {
  const box = time.stage.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

function begin(time, brush, event) {
  const { x, y } = point(time, event);
  const { left, right, height } = time.laid;
  if (event.button !== 0 || x < left - EDGE_PX || x > right + EDGE_PX || y > height) return;
  time.play.stop(false);
  brush.drag = { x, y, how: grip(time, x), window: time.window, moved: false };
  time.stage.setPointerCapture(event.pointerId);
  event.preventDefault();
}

function grip(time, x) {
  if (time.window === null) return "new";
  const [from, to] = time.window.map(time.laid.x);
  if (Math.abs(x - from) <= EDGE_PX) return "from";
  if (Math.abs(x - to) <= EDGE_PX) return "to";
  return x > from && x < to ? "body" : "new";
}

function move(time, brush, event) {
  const { x, y } = point(time, event);
  const { drag } = brush;
  if (drag === null) {
    time.card.over(x, y);
    return;
  }
  if (!drag.moved && Math.abs(x - drag.x) < CLICK_PX) return;
  drag.moved = true;
  time.card.hide();
  time.setWindow(dragged(time, drag, x), true);
}

function dragged(time, drag, x) {
  const { at, left, right, perPixel } = time.laid;
  const here = rounded(at(Math.min(right, Math.max(left, x))), perPixel);
  if (drag.how === "new") return inOrder(rounded(at(drag.x), perPixel), here);
  const [from, to] = drag.window;
  if (drag.how === "from") return inOrder(here, to);
  if (drag.how === "to") return inOrder(from, here);
  return shifted(time, drag.window, rounded((x - drag.x) * perPixel + from, perPixel) - from);
}

function inOrder(a, b) {
  return a <= b ? [a, b] : [b, a];
}

// A window is never pushed out of the data.
export function shifted(time, [from, to], by) {
  const [first, last] = time.data.span;
  const way = Math.min(Math.max(by, Math.min(0, first - from)), Math.max(0, last - to));
  return [from + way, to + way];
}

function end(time, brush, event) {
  const { drag } = brush;
  brush.drag = null;
  if (drag === null) return;
  if (drag.moved) {
    const [from, to] = time.window;
    time.setWindow(from === to ? null : time.window, false);
  } else if (event.type === "pointerup") {
    const found = time.card.find(drag.x, drag.y);
    if (found !== null) time.choose(found.bar);
    else if (drag.how === "new" && time.window !== null) time.setWindow(null, false);
  }
}

function wheel(time, event) {
  if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
  event.preventDefault();
  clearTimeout(time.wheeling);
  const { x } = point(time, event);
  const middle = time.laid.at(x);
  time.wheeling = setTimeout(() => zoom(time, event.deltaY < 0 ? 0.5 : 2, middle), 60);
}

// The part of the axis that is shown becomes `factor` as long; a minute is the shortest.
export function zoom(time, factor, about) {
  const [from, to] = time.view;
  const middle = about ?? (time.window ? (time.window[0] + time.window[1]) / 2 : (from + to) / 2);
  const long = Math.max(60 * SECOND, (to - from) * factor);
  const [first, last] = time.data.span;
  if (long >= last - first) {
    time.setView(null);
    return;
  }
  const begins = Math.min(Math.max(first, middle - ((middle - from) / (to - from)) * long), last - long);
  time.setView([Math.round(begins), Math.round(begins + long)]);
}

function pressed(time, event) {
  const part = event.target.dataset?.part;
  if (part === undefined || event.ctrlKey || event.metaKey) return;
  if (!act(time, event, part)) return;
  event.preventDefault();
  // Streamlit has page-wide keys of its own.
  event.stopPropagation();
}

function act(time, event, part) {
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (way !== undefined) return step(time, part, way, event);
  const actions = {
    Escape: () => time.setWindow(null, false),
    " ": () => time.play.toggle(),
    "+": () => zoom(time, 0.5),
    "=": () => zoom(time, 0.5),
    "-": () => zoom(time, 2),
    0: () => time.setView(null),
    b: () => half(time),
    Enter: () => (time.card.cursor() === null ? half(time) : time.choose(time.card.cursor().bar)),
    ArrowUp: () => time.card.step(0, -1),
    ArrowDown: () => time.card.step(0, 1),
    Home: () => time.window && time.setWindow(shifted(time, time.window, -Infinity), false),
    End: () => time.window && time.setWindow(shifted(time, time.window, Infinity), false),
  };
  const action = actions[event.key];
  if (action === undefined) return false;
  action();
  return true;
}

// One bin a key; ten with shift, one second with alt. Without a window, from bar to bar.
function step(time, part, way, event) {
  if (part === "plot") time.card.step(way, 0);
  else {
    const bin = time.data.edges[1] - time.data.edges[0];
    const by = way * (event.altKey ? SECOND : bin * (event.shiftKey ? 10 : 1));
    const [first, last] = time.data.span;
    const [from, to] = time.window;
    const inside = (ms) => Math.min(last, Math.max(first, ms));
    if (part === "body") time.setWindow(shifted(time, time.window, by), false);
    if (part === "from") time.setWindow([Math.min(inside(from + by), to), to], false);
    if (part === "to") time.setWindow([from, Math.max(inside(to + by), from)], false);
  }
  return true;
}

// The middle half of what is shown, for who has no pointer.
function half(time) {
  const [from, to] = time.view;
  const quarter = (to - from) / 4;
  time.setWindow([rounded(from + quarter, time.laid.perPixel), rounded(to - quarter, time.laid.perPixel)], false);
  time.stage.querySelector('[data-part="body"]')?.focus({ preventScroll: true });
}
