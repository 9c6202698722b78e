// The bar above the rows: replay, the window as two fields, zoom, scale of the bars, and the zone.
import { brightness } from "../colour.js";
import { el, svg } from "../dom.js";
import { zoom } from "./brush.js";
import { fieldText, fromField, SECOND, spanText } from "./clock.js";
import { SPEEDS } from "./play.js";

// Drawn, not written: a sign of a font may come out as a coloured picture.
const SIGNS = {
  back: "M3 2h2v10H3zM12 2v10L6 7z",
  play: "M4 2v10l8-5z",
  pause: "M3 2h3v10H3zM8 2h3v10H8z",
  ahead: "M9 2h2v10H9zM2 2v10l6-5z",
  closer: "M6 2h2v4h4v2H8v4H6V8H2V6h4z",
  wider: "M2 6h10v2H2z",
};

function sign(name) {
  return svg("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, svg("path", { d: SIGNS[name], fill: "currentColor" }));
}

export function createHead(time) {
  const button = (name, sign, action) => el("button", { type: "button", class: name, "data-name": name, click: action }, sign);
  const play = button("play", "", () => time.play.toggle());
  const parts = {
    back: button("back", sign("back"), () => time.play.step(-1)),
    play,
    ahead: button("ahead", sign("ahead"), () => time.play.step(1)),
    mode: choice("mode", ["move", "grow"], (value) => {
      time.play.mode = value;
    }),
    speed: choice("speed", SPEEDS.map(String), (value) => {
      time.play.speed = Number(value);
    }),
    from: field("from", (ms) => time.setWindow([ms, Math.max(ms, time.window?.[1] ?? time.data.span[1])], false)),
    to: field("to", (ms) => time.setWindow([Math.min(ms, time.window?.[0] ?? time.data.span[0]), ms], false)),
    clear: button("clear", "", () => time.setWindow(null, false)),
    closer: button("closer", sign("closer"), () => zoom(time, 0.5)),
    wider: button("wider", sign("wider"), () => zoom(time, 2)),
    all: button("all", "", () => time.setView(null)),
    log: tick("log", (on) => time.state("log", { log: on })),
    every: tick("every", (on) => time.state("every", { every: on })),
  };
  parts.speed.value = "1";
  const zone = el("span", { class: "zone" });
  const element = el("div", { class: "head" }, ...Object.values(parts).map((one) => one.closest("label") ?? one), zone);
  const head = { element };
  head.said = () => (time.window === null ? time.say("whole") : spanText(time.window));
  head.refresh = () => refresh(time, parts, zone);
  head.follow = () => follow(time, parts);
  return head;
}

function choice(name, values, chosen) {
  const options = values.map((value) => el("option", { value }, value));
  return el("select", { "data-name": name, change: (event) => chosen(event.target.value) }, ...options);
}

function field(name, entered) {
  const take = (event) => {
    const ms = fromField(event.target.value);
    event.target.setAttribute("aria-invalid", String(ms === null));
    if (ms !== null) entered(ms);
  };
  return el("input", { type: "text", class: "at", size: 19, spellcheck: "false", "data-name": name, change: take });
}

function tick(name, changed) {
  const box = el("input", { type: "checkbox", "data-name": name, change: (event) => changed(event.target.checked) });
  el("label", { class: "tick" }, box, el("span", {}));
  return box;
}

function refresh(time, parts, zone) {
  const { data } = time;
  const running = time.play.running();
  parts.play.replaceChildren(sign(running ? "pause" : "play"));
  time.root.style.colorScheme = brightness(getComputedStyle(time.root).backgroundColor) < 0.5 ? "dark" : "light";
  parts.clear.textContent = time.say("clear");
  parts.all.textContent = time.say("all");
  zone.textContent = time.say("zone");
  for (const [name, part] of Object.entries(parts)) {
    const word = name === "play" && running ? "pause" : name;
    part.setAttribute("title", time.say(word));
    part.setAttribute("aria-label", time.say(word));
  }
  for (const option of parts.mode.options) option.textContent = time.say(`mode_${option.value}`);
  for (const option of parts.speed.options) option.textContent = `${option.value}×`;
  for (const name of ["log", "every"]) {
    parts[name].closest("label").hidden = data[name] === null;
    parts[name].checked = data[name] === true;
    parts[name].nextElementSibling.textContent = time.say(name);
  }
  follow(time, parts);
  parts.clear.disabled = time.window === null;
  parts.all.disabled = time.view[0] === data.span[0] && time.view[1] === data.span[1];
  time.root.classList.toggle("windowed", time.window !== null);
}

// The part that changes with every frame of a replay.
function follow(time, parts) {
  const [from, to] = time.window ?? time.data.span;
  const root = time.root.getRootNode();
  // What somebody has still to mend is not taken away.
  const shown = { from: fieldText(from), to: fieldText(Math.floor(to / SECOND) * SECOND) };
  for (const [name, text] of Object.entries(shown)) {
    if (root.activeElement === parts[name] && parts[name].getAttribute("aria-invalid") === "true") continue;
    parts[name].value = text;
    parts[name].setAttribute("aria-invalid", "false");
  }
}
