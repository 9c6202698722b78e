// What a bar stands for: its span, sum and count, beside the pointer or the keyboard's cursor.
import { el, thousands } from "../dom.js";
import { moneyText, SECOND, spanText } from "./clock.js";
import { ROW } from "./draw.js";

export function createCard(time) {
  const element = el("div", { class: "card", role: "tooltip", hidden: true });
  const card = { element, at: null };
  card.hide = () => {
    element.hidden = true;
  };
  card.find = (x, y) => find(time, x, y);
  card.over = (x, y) => {
    const found = find(time, x, y);
    if (found === null) card.hide();
    else show(time, element, found, x, y);
  };
  card.cursor = () => card.at;
  card.step = (way, rows) => step(time, card, way, rows);
  return card;
}

// The bin of the row at this height, or of the nearest thin bar beside the pointer.
function find(time, x, y) {
  const number = Math.floor(y / ROW);
  const row = time.data.rows[number];
  if (row === undefined || x < time.laid.left || x > time.laid.right) return null;
  const { edges } = time.data;
  const gap = (bin) => {
    const [from, to] = [time.laid.x(edges[bin[0]]), time.laid.x(edges[bin[0] + 1])];
    return x < from ? from - x : Math.max(0, x - to);
  };
  const near = row.bins.map((bin) => [gap(bin), bin]).sort((a, b) => a[0] - b[0])[0];
  return near === undefined || near[0] > 2.5 ? null : about(time, number, near[1]);
}

function about(time, number, bin) {
  const row = time.data.rows[number];
  const [from, to] = [time.data.edges[bin[0]], time.data.edges[bin[0] + 1]];
  return { number, row, bin, bar: { row: row.id, from, to } };
}

function show(time, element, found, x, y) {
  const { row, bin, bar } = found;
  element.replaceChildren(
    el("strong", {}, row.label),
    bin[2] === null ? null : el("b", {}, moneyText(bin[2], row.currency)),
    el("span", {}, `${thousands(bin[1])} ${time.say("events")}`),
    el("span", {}, spanText([bar.from, bar.to - SECOND])),
  );
  element.hidden = false;
  const left = Math.min(x + 14, time.root.clientWidth - element.offsetWidth - 6);
  element.style.left = `${Math.max(6, left)}px`;
  element.style.top = `${time.stage.offsetTop + y + 16}px`;
}

// From bar to bar: along the row, or to the nearest one of the next row.
function step(time, card, way, rows) {
  const { data, laid } = time;
  const now = card.at ?? { number: 0, bin: [-1] };
  const number = Math.min(data.rows.length - 1, Math.max(0, now.number + rows));
  const bins = data.rows[number]?.bins ?? [];
  const place = now.bin[0];
  const ahead = way > 0 ? bins.find((bin) => bin[0] > place) : bins.filter((bin) => bin[0] < place).at(-1);
  const nearest = [...bins].sort((a, b) => Math.abs(a[0] - place) - Math.abs(b[0] - place))[0];
  const bin = way === 0 ? nearest : (ahead ?? nearest);
  if (bin === undefined) return;
  card.at = about(time, number, bin);
  show(time, card.element, card.at, laid.x(card.at.bar.from), number * ROW + ROW / 2);
  time.live.textContent = card.element.textContent;
}
