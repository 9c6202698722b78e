// What stands round the marks on a picture: title, who, when, which data and masking, and the legend as it is open.
import { svg } from "./dom.js";
import { FONT, wrapped, write } from "./drawing.js";
import { swatch } from "./legend.js";

const ROW = 17;
export const HEAD = 30;
const LEGEND = 220;

// Lines that the picture carries: the first is its title, the others stand below the marks.
export function bandsOf(lines) {
  const below = lines.slice(1).filter((line) => line !== "");
  return { title: lines[0] ?? "", below, head: lines[0] ? HEAD : 0, foot: below.length > 0 ? below.length * ROW + 10 : 0 };
}

export function drawBands(app, bands, width, height) {
  const { text, ground, border } = app.theme.now;
  const parts = [];
  const band = (y, tall) => svg("rect", { x: 0, y, width, height: tall, fill: ground });
  if (bands.head > 0) {
    parts.push(band(0, bands.head), write(bands.title, { x: 12, y: 20, "font-size": 15, "font-weight": 600, fill: text }));
  }
  if (bands.foot > 0) {
    const top = height - bands.foot;
    parts.push(band(top, bands.foot), svg("line", { x1: 0, y1: top, x2: width, y2: top, stroke: border }));
    const style = { x: 12, "font-size": 11, fill: text };
    parts.push(...bands.below.map((line, row) => write(line, { ...style, y: top + 18 + row * ROW })));
  }
  return svg("g", { "font-family": FONT }, ...parts);
}

// The rows of the legend as they count now; what is filtered away is struck through.
export function drawLegend(app, x, bottom) {
  const rows = legendRows(app);
  if (rows.length === 0) return null;
  const { text, ground, border } = app.theme.now;
  const tall = rows.length * ROW + 12;
  const top = bottom - tall;
  const box = svg("rect", { x, y: top, width: LEGEND, height: tall, rx: 4, fill: ground, stroke: border, opacity: 0.93 });
  const parts = rows.flatMap(({ entry, label, count, on }, number) => {
    const y = top + 18 + number * ROW;
    const style = { "font-size": 11.5, fill: text, opacity: on ? null : 0.5, "text-decoration": on ? null : "line-through" };
    const mark = entry === null ? null : svg("g", { transform: `translate(${x + 10} ${y - 12}) scale(0.8)` }, ...swatch(entry, app.theme.now, text));
    const wide = entry === null ? 10 : 32;
    const number_ = count === "" ? null : write(count, { ...style, x: x + LEGEND - 10, y, "text-anchor": "end" });
    return [mark, write(entry === null ? label : short(label, 20), { ...style, x: x + wide, y }), number_];
  });
  return svg("g", { "font-family": FONT }, box, ...parts);
}

export const LEGEND_WIDTH = LEGEND + 16;

export function legendHeight(app) {
  return legendRows(app).length * ROW + 28;
}

// A note takes as many rows as it needs.
function legendRows(app) {
  return app.legendRows().flatMap((row) =>
    row.entry === null ? wrapped(row.label, 11.5, LEGEND - 24).map((label) => ({ ...row, label })) : [row],
  );
}

function short(text, most) {
  const signs = [...text];
  const wide = (sign) => (sign.codePointAt(0) > 0x2e80 ? 2 : 1);
  let width = 0;
  const kept = signs.filter((sign) => (width += wide(sign)) <= most * 1.6);
  return kept.length < signs.length ? `${kept.join("")}…` : text;
}
