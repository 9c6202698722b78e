// The picture: a row of bars a stream, ticks below, gaps as hatching; the brush lies over it.
import { svg } from "../dom.js";
import { ticks } from "./clock.js";

export const ROW = 30;
const LABEL = 132;
const RIGHT = 10;
const AXIS = 34;
const TICK_ROOM = 78;

export function draw(time) {
  const { data, stage } = time;
  const full = Math.max(360, stage.clientWidth);
  const [from, to] = time.view;
  const width = full - LABEL - RIGHT;
  const height = Math.max(1, data.rows.length) * ROW;
  const x = (ms) => LABEL + ((ms - from) / Math.max(1, to - from)) * width;
  const at = (px) => from + ((px - LABEL) / width) * (to - from);
  time.laid = { full, x, at, left: LABEL, right: LABEL + width, height, perPixel: (to - from) / width };
  const picture = svg("svg", { width: full, height: height + AXIS, viewBox: `0 0 ${full} ${height + AXIS}`, class: "axis" });
  picture.append(
    svg("defs", {}, hatch(), svg("clipPath", { id: "inside" }, svg("rect", { x: LABEL, y: 0, width, height }))),
    ...axis(time, width, height),
    ...data.rows.flatMap((row, number) => rowOf(time, row, number)),
    ...gaps(time),
    svg("g", { class: "over" }),
  );
  stage.replaceChildren(picture);
}

function hatch() {
  const pattern = svg("pattern", { id: "gap", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(svg("rect", { width: 1.5, height: 5, class: "hatch" }));
  return pattern;
}

function axis(time, width, height) {
  const { x } = time.laid;
  return ticks(time.view, width, TICK_ROOM, time.data.lang).map((tick) =>
    svg(
      "g",
      { class: "tick", transform: `translate(${x(tick.at)} 0)` },
      svg("line", { y1: 0, y2: height + 4 }),
      svg("text", { y: height + 15 }, tick.text),
      tick.more === "" ? null : svg("text", { y: height + 28, class: "more" }, tick.more),
    ),
  );
}

function rowOf(time, row, number) {
  const top = number * ROW;
  const { left, right } = time.laid;
  const name = svg("text", { x: 4, y: top + 13, class: "name" }, row.label);
  const total = svg("text", { x: 4, y: top + 25, class: "total" }, row.total);
  name.append(svg("title", {}, `${row.label} · ${row.total}`));
  const bars = row.bins.map((bin) => bar(time, row, bin, top));
  return [
    svg("line", { x1: left, x2: right, y1: top + ROW - 0.5, y2: top + ROW - 0.5, class: "base" }),
    name,
    total,
    svg("g", { class: "bars", "clip-path": "url(#inside)", fill: row.colour, "data-row": number }, ...bars),
  ];
}

// bin: [place, count, fen or null]. The logarithm begins at 1, so one event is always seen.
function bar(time, row, bin, top) {
  const { x } = time.laid;
  const [from, to] = [time.data.edges[bin[0]], time.data.edges[bin[0] + 1]];
  const value = valueOf(bin);
  const most = Math.max(...row.bins.map(valueOf), 1);
  const share = time.data.log ? Math.log1p(value) / Math.log1p(most) : value / most;
  const tall = Math.max(2, share * (ROW - 6));
  const chosen = time.data.bar;
  const picked = chosen !== null && chosen.row === row.id && chosen.from === from && chosen.to === to;
  const wide = Math.max(1.5, x(to) - x(from) - 0.7);
  return svg("rect", {
    x: x(from), y: top + ROW - 1 - tall, width: wide, height: tall, class: picked ? "bar picked" : "bar", "data-place": bin[0],
  });
}

export function valueOf(bin) {
  return bin[2] ?? bin[1];
}

function gaps(time) {
  const rows = time.data.rows.map((row, number) => (row.sum ? number : -1)).filter((number) => number >= 0);
  return rows.flatMap((number) =>
    time.data.gaps.map((gap) => {
      const [from, to] = [time.laid.x(gap.from), time.laid.x(gap.to)];
      const mark = svg("rect", {
        x: from, y: number * ROW + 1, width: Math.max(3, to - from), height: 7, class: "gap", fill: "url(#gap)", "clip-path": "url(#inside)",
      });
      mark.append(svg("title", {}, gap.text));
      return mark;
    }),
  );
}
