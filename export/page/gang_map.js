// Shows one gang map: network, legend as filter, search, panel; reads the data island and nothing else.
"use strict";

class Chart {
  constructor(island) {
    this.page = island.page;
    this.lang = this.page.language === "zh" ? 0 : 1;
    this.word = (name) => this.page.words[name][this.lang];
    this.sourceNames = new Map(this.page.sources);
    this.hiddenTypes = new Set();
    this.hiddenKinds = new Set();
    this.selected = { node: null, edge: null };
    this.labels = true;
    this.near = null;
    // A crowded chart stays readable only when lines step back and few sums are written.
    const sums = Object.entries(this.page.edges).filter(([, edge]) => edge.order !== null);
    sums.sort((a, b) => b[1].order - a[1].order);
    this.crowded = Object.keys(this.page.edges).length > 120;
    this.written = new Set(sums.slice(0, this.crowded ? 12 : sums.length).map(([id]) => id));
    this.nodes = new vis.DataSet(island.nodes.map((node) => ({ ...node, ctxRenderer: (draw) => this.drawNode(draw) })));
    this.edges = new vis.DataSet(island.edges.map((edge) => ({ ...edge, color: { color: edge.color, highlight: edge.color, hover: edge.color } })));
    const options = typeof island.options === "string" ? JSON.parse(island.options) : island.options;
    this.network = new vis.Network(document.getElementById("network"), { nodes: this.nodes, edges: this.edges }, options);
    this.listen();
    this.show();
    this.fit();
  }

  listen() {
    this.network.on("selectNode", ({ nodes }) => this.selectNode(nodes[0], false));
    this.network.on("selectEdge", ({ nodes, edges }) => nodes.length === 0 && this.selectEdge(edges[0], false));
    this.network.on("click", ({ nodes, edges }) => nodes.length + edges.length === 0 && this.selectNothing());
    this.network.on("hoverNode", ({ node }) => this.light(node));
    this.network.on("blurNode", () => this.light(null));
    const on = (id, name, act) => document.getElementById(id).addEventListener(name, act);
    on("fit", "click", () => this.fit());
    on("print", "click", () => window.print());
    on("labels", "click", () => { this.labels = !this.labels; this.show(); });
    on("language", "click", () => { this.lang = 1 - this.lang; this.show(); });
    on("search", "input", (event) => this.find(event.target.value));
    on("search", "keydown", (event) => event.key === "Enter" && this.takeFirst());
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const typing = event.target.tagName === "INPUT";
    if (event.key === "Escape") { this.find(""); this.selectNothing(); }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "f") this.fit();
    if (event.key === "/") { document.getElementById("search").focus(); event.preventDefault(); }
  }

  // The legend covers the left edge, so the drawing is fitted into what is left of it.
  fit() {
    if (this.nodes.length === 0) return;
    const places = Object.values(this.network.getPositions());
    const [xs, ys] = [places.map((p) => p.x), places.map((p) => p.y)];
    const [left, right] = [Math.min(...xs) - 75, Math.max(...xs) + 75];
    const [top, bottom] = [Math.min(...ys) - 40, Math.max(...ys) + 60];
    const legend = document.getElementById("legend").offsetWidth + 20;
    const box = document.getElementById("network");
    const scale = Math.min(1.3, (box.offsetWidth - legend) / (right - left), box.offsetHeight / (bottom - top));
    const position = { x: (left + right) / 2, y: (top + bottom) / 2 };
    this.network.moveTo({ position, scale, offset: { x: legend / 2, y: 0 }, animation: false });
  }

  show() {
    document.documentElement.lang = this.lang === 0 ? "zh-CN" : "en";
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = this.word(element.dataset.word);
    document.getElementById("title").textContent = this.page.title;
    document.title = `${this.page.title} · ${this.word("title")} · ${this.word("product")}`;
    document.getElementById("state").textContent = this.word(this.page.masked ? "masked" : "full");
    document.getElementById("search").placeholder = this.word("search");
    document.getElementById("labels").setAttribute("aria-pressed", String(this.labels));
    document.getElementById("empty").hidden = this.nodes.length > 0;
    const foot = this.page.foot.map(([name, text]) => make("span", {}, make("b", {}, this.word(name)), text));
    document.getElementById("foot").replaceChildren(...foot, make("span", {}, this.word("zone")));
    drawLegend(this);
    this.fillPanel();
    this.refresh();
  }

  refresh() {
    const hiddenNode = (id) => this.hiddenTypes.has(this.page.nodes[id].type);
    this.nodes.update(this.nodes.getIds().map((id) => ({ id, hidden: hiddenNode(id) })));
    this.edges.update(this.edges.getIds().map((id) => {
      const edge = this.page.edges[id];
      const hidden = this.hiddenKinds.has(edge.kind) || hiddenNode(edge.start) || hiddenNode(edge.end);
      const lit = this.near === null || this.near.edges.has(id);
      const label = !this.labels || !lit ? " " : this.near === null ? this.shortLabel(id) : edge.label[this.lang];
      return { id, hidden, label, color: { ...this.edges.get(id).color, opacity: !lit ? 0.1 : this.near === null && this.crowded ? 0.4 : 0.85 } };
    }));
  }

  // Unless something is looked at, only sums are written, and only where the line is long enough for one.
  shortLabel(id) {
    if (!this.written.has(id)) return " ";
    const edge = this.page.edges[id];
    const text = edge.short[this.lang];
    const ends = this.network.getPositions([edge.start, edge.end]);
    const [a, b] = [ends[edge.start], ends[edge.end]];
    const room = Math.hypot(a.x - b.x, a.y - b.y) - 52;
    const width = [...text].reduce((sum, sign) => sum + (sign === "万" ? 12 : 7), 0);
    return room < width ? " " : text || " ";
  }

  drawNode({ ctx, id, x, y, state, style }) {
    const node = this.page.nodes[id];
    const faded = this.near !== null && !this.near.nodes.has(id);
    const r = style.size;
    return {
      drawNode: () => {
        ctx.globalAlpha = faded ? 0.18 : 1;
        if (state.selected || state.hover) drawHalo(ctx, x, y, r, state.selected ? 0.28 : 0.14);
        if (node.victim) drawVictimRing(ctx, x, y, r);
        drawSign(ctx, this.page.types[node.type], x, y, r, node.member);
        drawBadges(ctx, node.badges, x, y, r);
      },
      drawExternalLabel: () => {
        if (faded) return;
        drawLines(ctx, node.lines, x, y + r + (node.victim ? 9 : 5), this.network ? this.network.getScale() : 1, state.selected);
      },
      nodeDimensions: { width: 2 * r, height: 2 * r },
    };
  }

  light(id) {
    const centre = id ?? this.selected.node;
    if (centre === null) this.near = null;
    else {
      const edges = Object.keys(this.page.edges).filter((e) => this.page.edges[e].start === centre || this.page.edges[e].end === centre);
      const nodes = new Set([centre, ...edges.flatMap((e) => [this.page.edges[e].start, this.page.edges[e].end])]);
      this.near = { nodes, edges: new Set(edges) };
    }
    this.refresh();
  }

  selectNode(id, move = true) {
    this.selected = { node: id, edge: null };
    this.network.selectNodes([id], false);
    if (move) this.network.focus(id, { scale: Math.max(0.9, this.network.getScale()), animation: false });
    this.light(null);
    this.fillPanel();
  }

  selectEdge(id, move = true) {
    this.selected = { node: null, edge: id };
    this.network.selectEdges([id]);
    const edge = this.page.edges[id];
    if (move) this.bringIn([edge.start, edge.end]);
    this.near = { nodes: new Set([edge.start, edge.end]), edges: new Set([id]) };
    this.refresh();
    this.fillPanel();
  }

  // Move the view only when one of the nodes is outside of it.
  bringIn(ids) {
    const box = document.getElementById("network");
    const places = ids.map((id) => this.network.getPosition(id));
    const outside = places.map((place) => this.network.canvasToDOM(place))
      .some(({ x, y }) => x < 280 || y < 20 || x > box.offsetWidth - 40 || y > box.offsetHeight - 40);
    if (!outside) return;
    const position = { x: (places[0].x + places[1].x) / 2, y: (places[0].y + places[1].y) / 2 };
    this.network.moveTo({ position, offset: { x: 130, y: 0 }, animation: false });
  }

  selectNothing() {
    this.selected = { node: null, edge: null };
    this.network.unselectAll();
    this.light(null);
    this.fillPanel();
  }

  fillPanel() {
    const { node, edge } = this.selected;
    const content = node ? nodePanel(this, node) : edge ? edgePanel(this, edge) : overviewPanel(this);
    const panel = document.getElementById("panel");
    panel.replaceChildren(...content.filter((one) => one !== null));
    panel.scrollTop = 0;
  }

  find(text) {
    const wanted = text.trim().toLowerCase();
    const list = document.getElementById("found");
    list.hidden = wanted === "";
    if (wanted === "") return;
    const fits = (id) => {
      const node = this.page.nodes[id];
      const roles = node.roles.flatMap((role) => role.label);
      return [node.name, node.key, ...this.page.types[node.type].label, ...roles].join("\n").toLowerCase().includes(wanted);
    };
    const hits = Object.keys(this.page.nodes).filter(fits).slice(0, 30);
    const lines = hits.map((id) => {
      const node = this.page.nodes[id];
      const take = () => { list.hidden = true; this.selectNode(id); };
      return make("li", { onclick: take }, [node.name, node.key].filter(Boolean).join(" "), make("small", {}, this.page.types[node.type].label[this.lang]));
    });
    list.replaceChildren(...(lines.length ? lines : [make("li", { class: "none" }, this.word("no_match"))]));
  }

  takeFirst() {
    const first = document.querySelector("#found li:not(.none)");
    if (first) first.click();
  }
}

function drawLegend(chart) {
  const { page, lang, word } = chart;
  const nodes = Object.values(page.nodes);
  const edges = Object.values(page.edges);
  const types = Object.entries(page.types).map(([name, type]) =>
    legendLine(chart, chart.hiddenTypes, name, type.label[lang], nodes.filter((n) => n.type === name).length, (ctx) => drawSign(ctx, type, 13, 9, 7, true)));
  const kinds = Object.entries(page.kinds).map(([name, kind]) =>
    legendLine(chart, chart.hiddenKinds, name, kind.label[lang], edges.filter((e) => e.kind === name).length, (ctx) => drawSample(ctx, kind.colour, kind.dashed ? [5, 3] : [])));
  const still = [["recorded", []], ["inferred", [5, 3]], ["tentative", [1.5, 3]]].map(([name, dash]) =>
    legendLine(chart, null, name, word(name), "", (ctx) => drawSample(ctx, "#1d2530", dash)));
  if (nodes.some((node) => node.victim)) {
    still.push(legendLine(chart, null, "victim", word("victim"), "", (ctx) => drawVictimRing(ctx, 13, 9, 2)));
  }
  const roles = page.roles.map(([sign, confirmed, ...label]) =>
    make("span", {}, make("span", { class: confirmed ? "badge" : "badge proposed" }, sign), label[lang]));
  document.getElementById("legend").replaceChildren(
    make("h2", {}, word("legend")), make("ul", { class: "keys" }, ...types), make("ul", { class: "keys" }, ...kinds),
    make("ul", { class: "keys" }, ...still),
    ...(roles.length ? [make("h2", {}, word("roles")), make("div", { class: "roles" }, ...roles),
      make("p", { class: "notes" }, word("confirmed_badge")), make("p", { class: "notes" }, word("proposed_badge"))] : []),
    make("p", { class: "notes" }, word("node_size")), make("p", { class: "notes" }, word("line_width")));
}

function legendLine(chart, hidden, name, label, count, draw) {
  const canvas = make("canvas", { width: "52", height: "36" });
  const ctx = canvas.getContext("2d");
  ctx.scale(2, 2);
  draw(ctx);
  const toggle = () => {
    if (!hidden.delete(name)) hidden.add(name);
    chart.show();
  };
  const attributes = { class: hidden === null ? "still" : hidden.has(name) ? "off" : "" };
  if (hidden !== null) attributes.onclick = toggle;
  return make("li", attributes, canvas, make("span", {}, label), make("small", {}, String(count)));
}

function drawSample(ctx, colour, dash) {
  ctx.beginPath();
  ctx.moveTo(1, 9);
  ctx.lineTo(25, 9);
  ctx.lineWidth = 2.5;
  ctx.setLineDash(dash);
  ctx.strokeStyle = colour;
  ctx.stroke();
}

window.chart = new Chart(JSON.parse(document.getElementById("island").textContent));
