// Replay: the window moves or grows at frame speed, in this page alone; the server hears where it stopped.
import { calm } from "../dom.js";
import { shifted } from "./brush.js";

export const SPEEDS = [0.5, 1, 2, 4, 8];
const WHOLE_MS = 30_000; // at speed 1 the whole axis passes in this time
const CALM_MS = 800; // a step, where motion is not wanted

export function createPlay(time) {
  const play = { mode: "move", speed: 1, frame: null, last: 0, frames: 0, began: 0 };
  play.running = () => play.frame !== null;
  play.toggle = () => (play.running() ? play.stop(true) : start(time, play));
  play.stop = (tell) => stop(time, play, tell);
  play.step = (way) => {
    play.stop(false);
    time.setWindow(stepped(time, time.window ?? opening(time, play), way, play), false);
  };
  return play;
}

function start(time, play) {
  const [first, last] = time.data.span;
  if (last <= first) return;
  const now = time.window;
  const over = now !== null && now[1] >= last;
  if (now === null || over) time.setWindow(now === null ? opening(time, play) : rewound(time, play, now), true);
  play.last = performance.now();
  Object.assign(play, { frames: 0, began: play.last, away: 0 });
  play.frame = requestAnimationFrame((at) => frame(time, play, at));
  time.head.refresh();
}

// Without a window: the first twelfth moves, or nothing grows.
function opening(time, play) {
  const [first, last] = time.data.span;
  return [first, play.mode === "grow" ? first : first + Math.round((last - first) / 12)];
}

function rewound(time, play, [from, to]) {
  const first = time.data.span[0];
  return play.mode === "grow" ? [from, from] : [first, first + (to - from)];
}

function frame(time, play, at) {
  const [first, last] = time.data.span;
  const passed = at - play.last;
  const quiet = calm();
  if (quiet && passed < CALM_MS / play.speed) {
    play.frame = requestAnimationFrame((next) => frame(time, play, next));
    return;
  }
  play.last = at;
  play.frames += 1;
  const by = quiet ? time.data.edges[1] - time.data.edges[0] : (passed / WHOLE_MS) * (last - first) * play.speed;
  const next = further(time, time.window, by, play);
  time.root.dataset.frames = String(play.frames);
  const ended = next[1] >= last;
  play.frame = ended ? null : requestAnimationFrame((later) => frame(time, play, later));
  time.setWindow(next, !ended);
}

function further(time, [from, to], by, play) {
  const last = time.data.span[1];
  const way = Math.max(1, Math.round(by));
  return play.mode === "grow" ? [from, Math.min(last, to + way)] : shifted(time, [from, to], way);
}

function stepped(time, now, way, play) {
  const bin = time.data.edges[1] - time.data.edges[0];
  if (play.mode !== "grow") return shifted(time, now, way * bin);
  return [now[0], Math.min(time.data.span[1], Math.max(now[0], now[1] + way * bin))];
}

function stop(time, play, tell) {
  if (play.frame === null) return;
  cancelAnimationFrame(play.frame);
  play.frame = null;
  if (tell) time.setWindow(time.window, false);
  time.head.refresh();
}
