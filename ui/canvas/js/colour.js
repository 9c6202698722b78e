// How bright a colour is, and lines that stay readable on a dark ground.

// Relative luminance of "rgb(r, g, b)" or "#rrggbb", 0 to 1 (WCAG 2.2).
export function brightness(colour) {
  const parts = colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? ["255", "255", "255"]).slice(0, 3).map(Number);
  const [r, g, b] = parts.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// A colour of the data as a line on this ground: mixed with white when the ground is dark.
export function lineColour(colour, dark) {
  if (!dark) return colour;
  const lift = (at) => Math.round(parseInt(colour.slice(at, at + 2), 16) * 0.62 + 255 * 0.38);
  return `rgb(${lift(1)}, ${lift(3)}, ${lift(5)})`;
}
