// What is drawn on and around a node: its character, rings, role badges and the count of what it could fetch.
// The picture is an SVG image, which never runs a script; texts are escaped all the same.
import { brightness, lineColour } from "./colour.js";

export const GLYPH_SCALE = 2.8; // the picture is larger than the node: node ±50, picture ±140
const SQUARE = new Set(["rectangle", "round-rectangle", "cut-rectangle", "barrel"]);
// Told apart without colour: thick, long dashes, dots, double.
const RINGS = {
  suspect: { colour: ["#c81e1e", "#ff6b6b"], width: 8 },
  victim: { colour: ["#0f766e", "#2dd4bf"], width: 6, dash: "20 11" },
  listed: { colour: ["#a16207", "#facc15"], width: 6, dash: "3 9" },
  frozen: { colour: ["#1d4ed8", "#7db4ff"], width: 3, double: true },
};
const FONT = "Noto Sans SC,Noto Sans CJK SC,Source Han Sans SC,PingFang SC,Microsoft YaHei,sans-serif";
const cache = new Map();

export function glyph(data, theme) {
  const count = data.expansions.reduce((sum, one) => sum + one.count, 0);
  const key = JSON.stringify([data.icon, data.colour, data.shape, data.rings, data.badges, data.mix, count, theme]);
  if (!cache.has(key)) {
    if (cache.size > 5000) cache.clear();
    cache.set(key, `data:image/svg+xml;utf8,${encodeURIComponent(draw(data, count, theme))}`);
  }
  return cache.get(key);
}

function draw(data, count, theme) {
  const parts = [];
  if (data.icon !== "") parts.push(text(0, 0, 50, brightness(data.colour) > 0.38 ? "#111111" : "#ffffff", data.icon, 600));
  parts.push(mixRing(data.mix, theme));
  data.rings.forEach((name, position) => parts.push(ring(name, position, data.shape, theme)));
  const corners = [[52, -52], [-52, -52], [-52, 52]];
  data.badges.forEach((badge, position) => parts.push(mark(...corners[position], badge, theme)));
  if (count > 0) parts.push(chip(count, theme));
  const box = 'viewBox="-140 -140 280 280" width="336" height="336" xml:lang="zh-CN"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${parts.join("")}</svg>`;
}

// The same as elements of a drawing.
export function glyphShapes(data, theme) {
  const count = data.expansions.reduce((sum, one) => sum + one.count, 0);
  const read = new DOMParser().parseFromString(draw(data, count, theme), "image/svg+xml");
  return [...read.documentElement.children].map((child) => document.importNode(child, true));
}

export function ringColour(name, dark) {
  return RINGS[name].colour[dark ? 1 : 0];
}

export function ringDash(name) {
  return RINGS[name].dash ?? null;
}

function ring(name, position, shape, theme) {
  const kind = RINGS[name];
  const reach = 59 + position * 11;
  const stroke = `fill="none" stroke="${ringColour(name, theme.dark)}" stroke-width="${kind.width}"`;
  const dash = kind.dash ? ` stroke-dasharray="${kind.dash}"` : "";
  const radii = kind.double ? [reach - 3, reach + 4] : [reach];
  return radii.map((radius) => outline(radius, shape, stroke + dash)).join("");
}

function outline(radius, shape, attributes) {
  if (!SQUARE.has(shape)) return `<circle r="${radius}" ${attributes}/>`;
  return `<rect x="${-radius}" y="${-radius}" width="${2 * radius}" height="${2 * radius}" rx="12" ${attributes}/>`;
}

// A group's kinds as parts of a ring, each as long as its share.
function mixRing(mix, theme) {
  const total = mix.reduce((sum, [, number]) => sum + number, 0);
  const round = 2 * Math.PI * 64;
  let begun = 0;
  return mix
    .map(([colour, number]) => {
      const length = (number / total) * round;
      const gap = mix.length > 1 ? Math.min(4, length / 3) : 0;
      const dash = `stroke-dasharray="${length - gap} ${round - length + gap}" stroke-dashoffset="${-begun}"`;
      begun += length;
      return `<circle r="64" fill="none" stroke="${lineColour(colour, theme.dark)}" stroke-width="13" transform="rotate(-90)" ${dash}/>`;
    })
    .join("");
}

function mark(x, y, badge, theme) {
  const disc = `<circle cx="${x}" cy="${y}" r="27" fill="${theme.text}" stroke="${theme.ground}" stroke-width="4"/>`;
  return disc + text(x, y, 36, theme.ground, badge.slice(0, 2), 700);
}

function chip(count, theme) {
  const label = `+${short(count)}`;
  const width = 18 + label.length * 17;
  const x = 34;
  const plate = `<rect x="${x}" y="11" width="${width}" height="36" rx="18" fill="${theme.ground}" stroke="${theme.text}" stroke-opacity="0.4" stroke-width="2"/>`;
  return plate + text(x + width / 2, 29, 27, theme.text, label, 500);
}

function short(count) {
  if (count < 1000) return String(count);
  return count < 10000 ? `${Math.floor(count / 100) / 10}k` : `${Math.floor(count / 1000)}k`;
}

function text(x, y, size, colour, content, weight) {
  const place = `x="${x}" y="${y}" dy="0.36em" text-anchor="middle"`;
  const type = `font-family="${FONT}" font-size="${size}" font-weight="${weight}" fill="${colour}"`;
  return `<text ${place} ${type}>${escape(content)}</text>`;
}

function escape(content) {
  const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return content.replace(/[&<>"']/g, (sign) => signs[sign]);
}
