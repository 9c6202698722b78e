// Node shapes as small SVG outlines for the legend, in a box of 20 by 20.
import { svg } from "./dom.js";

const POINTS = {
  rectangle: "2,2 18,2 18,18 2,18",
  "cut-rectangle": "6,2 14,2 18,6 18,14 14,18 6,18 2,14 2,6",
  diamond: "10,1 19,10 10,19 1,10",
  hexagon: "5.5,2 14.5,2 19,10 14.5,18 5.5,18 1,10",
  octagon: "6.5,2 13.5,2 18,6.5 18,13.5 13.5,18 6.5,18 2,13.5 2,6.5",
  pentagon: "10,1 19,8 15.5,18.5 4.5,18.5 1,8",
  triangle: "10,2 19,18 1,18",
  "concave-hexagon": "5.5,2 14.5,2 16,10 14.5,18 5.5,18 4,10",
  tag: "1,4 14,4 19,10 14,16 1,16",
  "round-tag": "2,2 13,2 19,10 13,18 2,18",
  rhomboid: "1,4 14,4 19,16 6,16",
  vee: "2,2 10,6 18,2 10,18",
  star: "10,1 12.6,7.4 19.5,7.9 14.2,12.3 15.9,19 10,15.4 4.1,19 5.8,12.3 0.5,7.9 7.4,7.4",
};

export function outlineOf(shape, colour) {
  const corners = POINTS[shape] ?? POINTS[shape.replace("round-", "")];
  if (corners && shape !== "round-rectangle" && shape.startsWith("round-")) {
    return svg("polygon", { points: corners, fill: colour, stroke: colour, "stroke-width": 2, "stroke-linejoin": "round" });
  }
  if (shape in POINTS) return svg("polygon", { points: POINTS[shape], fill: colour });
  if (shape === "round-rectangle") return svg("rect", { x: 2, y: 2, width: 16, height: 16, rx: 4, fill: colour });
  if (shape === "barrel") return svg("rect", { x: 3, y: 2, width: 14, height: 16, rx: 7, ry: 3, fill: colour });
  return svg("circle", { cx: 10, cy: 10, r: 8.5, fill: colour });
}
