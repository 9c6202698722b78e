// One time axis: what it knows, and what happens when a message arrives or the page is left.
import { tellWindow } from "../channel.js";
import { el } from "../dom.js";
import { createBrush } from "./brush.js";
import { createCard } from "./card.js";
import { draw } from "./draw.js";
import { createHead } from "./head.js";
import { createPlay } from "./play.js";
import { keep, kept } from "./memory.js";
import css from "./time.css";

export function createTime(host) {
  const stage = el("div", { class: "plane" });
  const live = el("div", { class: "live", "aria-live": "polite" });
  const root = el("div", { class: "time", role: "group" });
  const time = { root, stage, live, data: null, window: null, view: null, cursor: null, laid: null };
  time.say = (word) => time.data?.words?.[word] ?? "";
  time.card = createCard(time);
  time.head = createHead(time);
  time.play = createPlay(time);
  time.brush = createBrush(time);
  root.append(time.head.element, stage, time.card.element, live);
  host.append(el("style", {}, css), root);
  const observer = new ResizeObserver(() => {
    if (time.data !== null && Math.abs(stage.clientWidth - (time.laid?.full ?? 0)) > 1) redraw(time);
  });
  observer.observe(stage);
  time.redraw = () => redraw(time);
  time.setWindow = (window_, moving) => setWindow(time, window_, moving);
  time.setView = (view) => setView(time, view);
  time.choose = (bar) => choose(time, bar);
  time.receive = (component) => receive(time, component);
  time.leave = () => {
    time.play.stop(false);
    clearTimeout(time.timer);
    observer.disconnect();
    host.replaceChildren();
  };
  return time;
}

function receive(time, component) {
  // Listeners use the newest setter; that of the first call goes stale.
  time.state = component.setStateValue;
  const first = time.data === null;
  time.data = component.data;
  time.root.lang = time.data.lang === "zh" ? "zh-CN" : "en";
  time.root.setAttribute("aria-label", time.say("aria_label"));
  time.view = time.data.view;
  // What runs or was just dragged here is newer than what the server says.
  if (!time.play.running() && time.timer === undefined) time.window = time.data.window;
  time.head.refresh();
  redraw(time);
  if (first) restore(time);
}

// After a reload the session is new: the tab remembers what was set for this very chart.
function restore(time) {
  const before = kept(time.data.key, time.data.token);
  if (before === null || time.data.window !== null) return;
  if (before.view) time.state("view", { view: before.view });
  if (before.window) time.setWindow(before.window, false);
}

// What the keyboard held before it still holds after.
function redraw(time) {
  const held = time.brush.held();
  draw(time);
  time.brush.place(held);
}

// moving: one of many; the chart follows, the server hears the last one.
function setWindow(time, window_, moving) {
  time.window = window_;
  time.brush.place();
  if (moving) time.head.follow();
  else time.head.refresh();
  tellWindow(time.data.chart, window_, moving);
  clearTimeout(time.timer);
  time.timer = undefined;
  if (moving) return;
  // Keys come one after the other; the server draws once they rest.
  time.timer = setTimeout(() => {
    time.timer = undefined;
    keep(time.data.key, time.data.token, { window: window_, view: time.view });
    time.state("window", { window: window_ });
    time.live.textContent = time.head.said();
  }, 250);
}

function setView(time, view) {
  time.view = view ?? time.data.span;
  keep(time.data.key, time.data.token, { window: time.window, view });
  time.state("view", { view });
  redraw(time);
}

function choose(time, bar) {
  const now = time.data.bar;
  const same = now !== null && now.row === bar.row && now.from === bar.from && now.to === bar.to;
  time.state("bar", { bar: same ? null : bar });
}
