// The stylesheet of the chart for one theme.
import { lineColour } from "./colour.js";
import { glyph, GLYPH_SCALE } from "./glyph.js";
import { labelOf } from "./labels.js";

const FONT =
  '"Source Sans", "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';

// Letters of a label, and how large they must be on screen to be drawn.
export const [NODE_FONT, NODE_LEAST, LINE_FONT, LINE_LEAST] = [11, 6, 10, 9];

export function styleFor(theme) {
  return [...nodeRules(theme), ...edgeRules(theme), ...stateRules(theme)];
}

function nodeRules(theme) {
  return [
    {
      selector: "node",
      style: {
        shape: "data(shape)",
        width: "data(size)",
        height: "data(size)",
        "background-color": "data(colour)",
        "border-width": 1,
        "border-color": theme.dark ? "rgba(255,255,255,0.35)" : "rgba(0,0,0,0.28)",
        "background-image": (node) => glyph(node.data(), theme),
        "background-width": `${GLYPH_SCALE * 100}%`,
        "background-height": `${GLYPH_SCALE * 100}%`,
        "background-clip": "none",
        "background-image-containment": "over",
        "bounds-expansion": (node) => (node.data("size") * (GLYPH_SCALE - 1)) / 2,
        label: labelOf,
        "font-family": FONT,
        "font-size": NODE_FONT,
        "min-zoomed-font-size": NODE_LEAST,
        color: theme.text,
        "text-valign": "bottom",
        "text-margin-y": (node) => 4 + (node.data("rings").length > 0 ? node.data("size") * 0.08 * node.data("rings").length : 0),
        "text-wrap": "wrap",
        "text-max-width": 132,
        "text-overflow-wrap": "anywhere",
        "text-outline-width": 2,
        "text-outline-color": theme.ground,
      },
    },
  ];
}

function edgeRules(theme) {
  return [
    {
      selector: "edge",
      style: {
        width: "data(width)",
        "line-color": (edge) => lineColour(edge.data("colour"), theme.dark),
        "line-style": "data(style)",
        "line-dash-pattern": [7, 4],
        "line-opacity": 0.82,
        "curve-style": "bezier",
        "control-point-step-size": 34,
        "target-arrow-color": (edge) => lineColour(edge.data("colour"), theme.dark),
        "target-arrow-shape": (edge) => (edge.data("arrow") ? "triangle" : "none"),
        "arrow-scale": 0.85,
        label: labelOf,
        "font-family": FONT,
        "font-size": LINE_FONT,
        "min-zoomed-font-size": LINE_LEAST,
        color: theme.text,
        "text-opacity": 0.86,
        "text-rotation": "autorotate",
        "text-background-color": theme.ground,
        "text-background-opacity": 0.88,
        "text-background-padding": 1,
      },
    },
  ];
}

function stateRules(theme) {
  return [
    { selector: "edge.alone", style: { "curve-style": "straight" } },
    { selector: "node:locked", style: { "border-width": 2.5, "border-style": "double", "border-color": theme.text } },
    { selector: ".outside", style: { opacity: 0.16 } },
    { selector: ".faded", style: { opacity: 0.13 } },
    {
      selector: "node.lit",
      style: { "z-index": 20, "min-zoomed-font-size": 0 },
    },
    { selector: "edge.lit", style: { "line-opacity": 1, "z-index": 20, "min-zoomed-font-size": 5 } },
    { selector: ".found", style: mark("#e0a100", 0.5, 9) },
    { selector: "node:selected", style: { ...mark(theme.accent, 0.42, 9), "font-weight": "bold", "z-index": 30 } },
    { selector: "edge:selected", style: { ...mark(theme.accent, 0.4, 4), "line-opacity": 1, "z-index": 30 } },
    { selector: "node:active, edge:active", style: { "overlay-opacity": 0.06, "overlay-padding": 4 } },
    { selector: ".unlabelled", style: { "text-opacity": 0, "text-background-opacity": 0, "text-outline-opacity": 0 } },
    { selector: ".gone", style: { display: "none" } },
  ];
}

function mark(colour, opacity, padding) {
  return {
    "underlay-color": colour,
    "underlay-opacity": opacity,
    "underlay-padding": padding,
    "underlay-shape": "ellipse",
  };
}
