// Which marks lie outside a window of time. A line lies outside when none of its events is inside; what stands for
// longer (a holding) when it did not hold then, or when one of its ends did nothing inside.

// The chart as plain arrays: asked for at every frame of a replay, cytoscape would be too slow.
export function linesInTime(cy) {
  const place = new Map(cy.nodes().map((node, at) => [node.id(), at]));
  const lines = cy.edges().map((edge) => {
    const data = edge.data();
    const [first, last] = [data.at_first ?? data.at_last, data.at_last ?? data.at_first];
    const runs = data.runs.length > 0 || first === null ? data.runs : [[first, last]];
    return { id: data.id, from: place.get(data.source), to: place.get(data.target), runs, standing: data.standing };
  });
  return { lines, nodes: [...place.keys()] };
}

// {lines, nodes}: 1 where the mark at that place lies outside; all 0 without a window.
export function outside({ lines, nodes }, window) {
  const dark = { lines: new Uint8Array(lines.length), nodes: new Uint8Array(nodes.length) };
  if (!window) return dark;
  const [timed, acted, touched, lit] = [1, 2, 3, 4].map(() => new Uint8Array(nodes.length));
  lines.forEach((line, at) => {
    // Without a time a line can't be said to lie outside, and says nothing about its ends.
    if (line.runs.length === 0) return;
    const out = !touches(line.runs, window[0], window[1]);
    dark.lines[at] = out ? 1 : 0;
    if (line.standing) return;
    for (const end of [line.from, line.to]) {
      timed[end] = 1;
      if (!out) acted[end] = 1;
    }
  });
  lines.forEach((line, at) => {
    const idle = (end) => timed[end] === 1 && acted[end] === 0;
    if (line.standing && (idle(line.from) || idle(line.to))) dark.lines[at] = 1;
    for (const end of [line.from, line.to]) {
      touched[end] = 1;
      if (dark.lines[at] === 0) lit[end] = 1;
    }
  });
  nodes.forEach((_, at) => {
    const idle = timed[at] === 1 ? acted[at] === 0 : touched[at] === 1 && lit[at] === 0;
    dark.nodes[at] = idle ? 1 : 0;
  });
  return dark;
}

// runs: [first, last] in order; of those that do not end before, one has to have begun.
function touches(runs, from, to) {
  for (const run of runs) {
    if (run[0] > to) return false;
    if (run[1] >= from) return true;
  }
  return false;
}
