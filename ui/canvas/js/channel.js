// How the time axis tells the chart beside it the window while it moves: within the page, without the server.
const MOVED = "duanlian:window";

// window: [first, last] in milliseconds, or null for all time. moving: more will follow at once.
export function tellWindow(chart, window_, moving) {
  window.dispatchEvent(new CustomEvent(MOVED, { detail: { chart, window: window_, moving } }));
}

export function hearWindow(chart, heard) {
  const listener = (event) => {
    if (event.detail?.chart === chart) heard(event.detail.window, event.detail.moving);
  };
  window.addEventListener(MOVED, listener);
  return () => window.removeEventListener(MOVED, listener);
}
