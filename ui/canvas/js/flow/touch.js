// What a pointer and the keyboard do with a node or a band: choose it, and read its card.
import { el } from "../dom.js";

export function touch(flow, element, one) {
  element.dataset.id = one.id;
  element.setAttribute("tabindex", "0");
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", [one.label, one.sum, ...one.lines].filter(Boolean).join(" · "));
  element.addEventListener("click", () => flow.choose(one.id));
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    // Streamlit has page-wide keys of its own.
    event.stopPropagation();
    flow.choose(one.id);
  });
  if (flow.data.view === "columns") return element;
  element.addEventListener("pointermove", (event) => show(flow, one, event.clientX, event.clientY));
  element.addEventListener("focus", () => {
    const box = element.getBoundingClientRect();
    show(flow, one, box.left + box.width / 2, box.top + Math.min(box.height, 60) / 2);
  });
  element.addEventListener("pointerleave", () => hide(flow));
  element.addEventListener("blur", () => hide(flow));
  return element;
}

function hide(flow) {
  flow.card.hidden = true;
}

function show(flow, one, x, y) {
  const { card, root } = flow;
  card.replaceChildren(
    el("strong", {}, one.label),
    ...(one.sum ? [el("span", {}, one.sum)] : []),
    ...one.lines.map((line) => el("span", {}, line)),
  );
  card.hidden = false;
  const box = root.getBoundingClientRect();
  const left = Math.min(x - box.left + 14, root.clientWidth - card.offsetWidth - 6);
  const top = Math.min(y - box.top + 14, root.clientHeight - card.offsetHeight - 6);
  card.style.left = `${Math.max(6, left)}px`;
  card.style.top = `${Math.max(6, top)}px`;
}
