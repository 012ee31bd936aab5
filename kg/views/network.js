"use strict";
/* The page's own behaviour. Text of the data reaches the page through textContent and fillText only. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { nodes, edges, groups, stops, words, layout } = data;
  const byId = (id) => document.getElementById(id);
  const holder = byId("graph");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const off = new Set();
  const quiet = layout === "layers";
  const links = nodes.map(() => []);
  edges.forEach((edge) => {
    links[edge.from].push([edge, edge.to]);
    if (edge.to !== edge.from) links[edge.to].push([edge, edge.from]);
  });
  links.forEach((list) => list.sort((a, b) => b[0].strength - a[0].strength || order(nodes[a[1]], nodes[b[1]])));
  let stop = data.opening;
  let chosen = null;
  let hovered = null;
  let printing = false;
  let untouched = true;
  let theme = null;

  function order(a, b) { return b.size - a.size || (a.label < b.label ? -1 : Number(a.label > b.label)); }
  function called(node) { return node.name ? `${node.label} ${node.name}` : node.label; }
  function plural(count, word) { return `${count} ${word[count === 1 ? 0 : 1]}`; }
  function colours() {
    const night = dark.matches && !printing;
    return night
      ? { paper: "#12161c", ink: "#e8ecf1", quiet: "#a9b4c0", line: "#8796a8", black: "#ffffff" }
      : { paper: "#ffffff", ink: "#1b2430", quiet: "#55606e", line: "#7b8794", black: "#000000" };
  }
  function tint(colour) { return colour === "#000000" ? colours().black : colour; }

  /* What is seen: edges at or above the threshold, and the nodes they join. */
  function edgeSeen(edge) {
    return (!stops.length || edge.strength >= stops[stop]) && !off.has(nodes[edge.from].set) && !off.has(nodes[edge.to].set);
  }
  function nodeSeen(node) {
    if (off.has(node.set)) return false;
    return !stops.length || stop === 0 || links[node.id].some(([edge]) => edgeSeen(edge)) || chosen?.node === node;
  }
  function look() {
    const { paper, ink, line } = theme;
    const near = new Set();
    if (chosen?.node) { near.add(chosen.node.id); links[chosen.node.id].forEach(([edge, other]) => { if (edgeSeen(edge)) near.add(other); }); }
    if (chosen?.edge) near.add(chosen.edge.from).add(chosen.edge.to);
    const ofChoice = (edge) => chosen && (chosen.edge ? chosen.edge === edge : edge.from === chosen.node.id || edge.to === chosen.node.id);
    seen = nodes.filter(nodeSeen);
    focus = near;
    points.update(nodes.map((node) => {
      const dim = chosen && !near.has(node.id);
      const strong = chosen?.node === node;
      return {
        id: node.id, hidden: !nodeSeen(node), opacity: dim ? 0.18 : 1, borderWidth: strong ? (quiet ? 2 : 4) : 1,
        color: { background: tint(node.color), border: ink, hover: { background: tint(node.color), border: ink } },
      };
    }));
    lines.update(edges.map((edge) => {
      const strong = ofChoice(edge);
      const faint = quiet ? 0 : chosen ? 0.06 : 0.4;
      const colour = strong ? ink : line;
      return { id: edge.id, hidden: !edgeSeen(edge), color: { color: colour, hover: ink, opacity: strong ? 0.85 : faint } };
    }));
    holder.style.background = paper;
  }

  /* Labels: the largest first, each only where it hits no other label and no mark; so they never collide, at any zoom. */
  const LINE = quiet ? 12 : 13;
  const HUBS = quiet ? 0 : 8;
  const sizes = new Map();
  function wrapped(text, most) {
    const rows = [""];
    for (const word of text.split(/\s+/)) {
      const joined = rows.at(-1) ? `${rows.at(-1)} ${word}` : word;
      if (joined.length <= most || !rows.at(-1)) rows[rows.length - 1] = joined;
      else rows.push(word);
    }
    const kept = rows.slice(0, 2).map((row) => (row.length > most + 4 ? `${row.slice(0, most + 3)}…` : row));
    if (rows.length > 2) kept[1] = `${kept[1].replace(/…$/, "")}…`;
    return kept;
  }
  function measured(pen, node, full) {
    const key = `${full}${node.id}`;
    if (!sizes.has(key)) {
      const rows = [node.label.length > 34 ? `${node.label.slice(0, 33)}…` : node.label];
      if (full && node.name) rows.push(...wrapped(node.name, quiet ? 19 : 22).slice(0, quiet ? 1 : 2));
      const width = Math.max(...rows.map((row, index) => { pen.font = font(index, 1); return pen.measureText(row).width; }));
      sizes.set(key, { rows, width: width + 4, height: rows.length * LINE + (quiet ? 0 : 2) });
    }
    return sizes.get(key);
  }
  function font(row, zoom) { return `${row === 0 && !quiet ? "600 " : ""}${(LINE - 1) / zoom}px system-ui, "DejaVu Sans", Arial, sans-serif`; }
  function places(node, size, zoom) {
    const { width, height } = size;
    const reach = node.size * zoom + 3;
    const x = node.x * zoom;
    const y = node.y * zoom;
    const right = [x + reach, y - height / 2];
    if (quiet) return [right];
    return [[x - width / 2, y + reach], [x - width / 2, y - reach - height], right, [x - reach - width, y - height / 2]];
  }
  function meets(a, b) { return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]; }
  function shrunk(box) {
    if (box[4] === undefined || !quiet && box[2] - box[0] > 60) return box;
    const [x, y] = [(box[2] - box[0]) * 0.25, (box[3] - box[1]) * 0.25];
    return [box[0] + x, box[1] + y, box[2] - x, box[3] - y, box[4]];
  }
  let placed = [];
  function drawLabels(pen) {
    const zoom = network.getScale();
    const { x, y } = network.getViewPosition();
    const [wide, high] = [holder.clientWidth / 2, holder.clientHeight / 2];
    const sight = [x * zoom - wide, y * zoom - high, x * zoom + wide, y * zoom + high];
    const taken = seen.filter((node) => !chosen || focus.has(node.id)).map((node) => {
      const reach = node.size * zoom * 0.8;
      return [node.x * zoom - reach, node.y * zoom - reach, node.x * zoom + reach, node.y * zoom + reach, node.id];
    });
    const first = (node) => (chosen?.node === node || hovered === node.id ? 2 : Number(focus.has(node.id)));
    placed = [];
    pen.textAlign = "left";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    const hubs = new Set([...seen].sort(order).slice(0, HUBS).map((node) => node.id));
    for (const node of [...seen].sort((a, b) => first(b) - first(a) || order(a, b))) {
      if (chosen && !focus.has(node.id) && hovered !== node.id) continue;
      const free = (full, obstacles) => freeSpot(pen, node, zoom, obstacles, sight, full, first(node));
      /* Hubs, and what one points at, may touch the rim of other marks rather than go without a name. */
      const loose = hubs.has(node.id) || first(node) === 2 ? taken.map(shrunk) : null;
      const named = !quiet || zoom >= 1.5 || chosen || hovered === node.id;
      const spot = (named && (free(true, taken) ?? (loose && free(true, loose)))) || free(false, taken) || (loose && (free(false, loose) ?? free(false, taken.filter((box) => box[4] === undefined))));
      if (!spot) continue;
      taken.push(spot.box);
      placed.push({ label: node.label, rows: spot.size.rows, box: spot.box.slice(0, 4) });
      spot.size.rows.forEach((row, index) => {
        const at = [(spot.box[0] + 2) / zoom, (spot.box[1] + 1 + LINE * index) / zoom];
        pen.font = font(index, zoom);
        pen.lineWidth = 3.5 / zoom;
        pen.strokeStyle = theme.paper;
        pen.strokeText(row, ...at);
        pen.fillStyle = theme.ink;
        pen.fillText(row, ...at);
      });
    }
  }
  function freeSpot(pen, node, zoom, taken, sight, full, first) {
    const size = measured(pen, node, full);
    for (const [left, top] of places(node, size, zoom)) {
      const box = [left, top, left + size.width, top + size.height];
      const cut = first !== 2 && (box[0] < sight[0] || box[2] > sight[2] || box[1] < sight[1] || box[3] > sight[3]);
      if (!cut && !taken.some((other) => other[4] !== node.id && meets(box, other))) return { size, box };
    }
    return null;
  }

  /* Text beside the drawing. */
  function made(tag, text, kind) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  }
  function nodeButton(node) {
    const button = made("button", undefined, "plain");
    button.type = "button";
    button.append(made("span", node.label, "id"));
    if (node.name) button.append(` ${node.name}`);
    button.addEventListener("click", () => { choose({ node }, true); byId("details").focus({ preventScroll: true }); byId("details").scrollIntoView({ block: "nearest" }); });
    return button;
  }
  function facts(list) {
    const table = made("dl");
    list.forEach(([name, text]) => table.append(made("dt", name), made("dd", text)));
    return table;
  }
  function strengthText(edge, other) {
    if (data.even) return nodes[other].tally || "details";
    return edge.facts.length && stops.length ? String(Math.round(edge.strength * 1000) / 1000) : "details";
  }
  function describe() {
    const panel = byId("details");
    panel.replaceChildren();
    if (!chosen) {
      const list = made("ul");
      [...seen].sort(order).forEach((node) => {
        const row = made("li", undefined, "row");
        row.append(nodeButton(node), made("span", node.tally, "number"));
        list.append(row);
      });
      panel.append(made("h2", `${plural(seen.length, words.node)} shown`), made("p", "Choose one here or in the drawing.", "hint"), list);
      return;
    }
    if (chosen.edge) {
      const { edge } = chosen;
      panel.append(made("h2", words.edge[0].replace(/^./, (sign) => sign.toUpperCase())), facts(edge.facts), nodeButton(nodes[edge.from]), made("br"), nodeButton(nodes[edge.to]));
      return;
    }
    const own = links[chosen.node.id];
    panel.append(made("h2", called(chosen.node)), facts(chosen.node.facts), made("h3", `${plural(own.length, words.edge)}`));
    const list = made("ul");
    own.forEach(([edge, other]) => {
      const row = made("li", undefined, edgeSeen(edge) ? "row" : "row faint");
      const count = made("button", strengthText(edge, other), "plain number");
      count.type = "button";
      count.setAttribute("aria-label", `${words.edge[0]} with ${called(nodes[other])}: ${strengthText(edge, other)}; show its numbers`);
      count.addEventListener("click", () => { choose({ edge }); byId("details").focus({ preventScroll: true }); });
      row.append(nodeButton(nodes[other]), count);
      list.append(row);
    });
    panel.append(list);
    if (own.some(([edge]) => !edgeSeen(edge))) panel.append(made("p", "Slanted: not drawn at this threshold or with this legend.", "hint"));
  }
  function strengthSaid() { return words.strength.replace("…", () => String(stops[stop])).replace(/^./, (sign) => sign.toLowerCase()); }
  function tell() {
    const drawn = edges.filter(edgeSeen).length;
    const limit = stops.length ? ` (${strengthSaid()})` : "";
    const lines = quiet ? "Links are drawn for the one you choose." : `${drawn} of ${plural(edges.length, words.edge)}${limit}.`;
    byId("shown").textContent = `Showing ${seen.length} of ${plural(nodes.length, words.node)}${quiet ? `${limit}. ` : " and "}${lines}`;
  }
  function refresh() { theme = colours(); look(); tell(); describe(); network.redraw(); }
  function choose(what, move) {
    chosen = what;
    if (what?.node) off.delete(what.node.set), syncLegend();
    refresh();
    byId("chosen-said").textContent = what?.node ? `${called(what.node)}: ${plural(links[what.node.id].length, words.edge)}` : what ? "" : "Nothing selected";
    if (move && what?.node) {
      const motion = still.matches ? false : { duration: 250, easingFunction: "easeInOutQuad" };
      network.focus(what.node.id, { scale: Math.max(network.getScale(), 0.8), animation: motion });
    }
  }

  /* Controls. */
  function syncLegend() { document.querySelectorAll("#legend input").forEach((box, index) => { box.checked = !off.has(groups[index].key); }); }
  function shape(group) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const paths = {
      dot: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z", diamond: "M8 1l6 7l-6 7l-6-7z", triangle: "M8 2l6.5 11.5h-13z",
      square: "M2.5 2.5h11v11h-11z", hexagon: "M4.5 2h7l3.5 6l-3.5 6h-7l-3.5-6z",
    };
    const path = document.createElementNS(space, "path");
    Object.entries({ width: 16, height: 16, "aria-hidden": "true" }).forEach(([name, value]) => svg.setAttribute(name, value));
    Object.entries({ d: paths[group.shape], fill: group.colour === "#000000" ? "currentColor" : group.colour, stroke: "currentColor" }).forEach(([name, value]) => path.setAttribute(name, value));
    svg.append(path);
    return svg;
  }
  function legend() {
    const list = document.querySelector("#legend ul");
    document.querySelector("#legend legend").textContent = words.legend;
    byId("size-word").textContent = words.count;
    byId("width-word").hidden = data.even;
    groups.forEach((group) => {
      const box = made("input");
      box.type = "checkbox";
      box.checked = true;
      box.addEventListener("change", () => { if (box.checked) off.delete(group.key); else off.add(group.key); refresh(); });
      const label = made("label");
      label.append(box, shape(group), made("span", group.text), made("span", String(group.number), "number"));
      const row = made("li");
      row.append(label);
      list.append(row);
    });
  }
  function hits(text) {
    const sought = text.trim().toLowerCase();
    if (!sought) return [];
    const rank = (node) => (node.label.toLowerCase() === sought ? 0 : node.label.toLowerCase().startsWith(sought) ? 1 : 2);
    return nodes.filter((node) => called(node).toLowerCase().includes(sought)).sort((a, b) => rank(a) - rank(b) || order(a, b));
  }
  function search() {
    const field = byId("find");
    const found = hits(field.value);
    byId("hits-said").textContent = field.value.trim() ? `${found.length} found` : "";
    byId("hits").replaceChildren(...found.slice(0, 30).map((node) => { const row = made("li"); row.append(nodeButton(node)); row.firstChild.addEventListener("click", closeHits); return row; }));
    byId("hits").hidden = !found.length;
  }
  function closeHits() { byId("hits").hidden = true; }
  function step(event, list) {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (buttons[at] ?? byId("find")).focus();
  }
  function zoom(factor) { network.moveTo({ scale: Math.min(Math.max(network.getScale() * factor, 0.1), 5) }); }
  function fit() {
    const { clientWidth: width, clientHeight: height } = holder;
    const side = Math.min(58, width * 0.1);
    const [left, right, high] = quiet ? [14, 78, 16] : [side, side, 34];
    const edge = (name, pick) => pick(...seen.map((node) => node[name]));
    if (!seen.length || !width || !height) return;
    const [x0, x1, y0, y1] = [edge("x", Math.min), edge("x", Math.max), edge("y", Math.min), edge("y", Math.max)];
    const room = [Math.max(width - left - right, 40), Math.max(height - 2 * high, 40)];
    const scale = Math.min(room[0] / Math.max(x1 - x0, 1), room[1] / Math.max(y1 - y0, 1), 1.6);
    network.moveTo({ position: { x: (x0 + x1) / 2 + (right - left) / 2 / scale, y: (y0 + y1) / 2 }, scale });
    untouched = true;
  }
  function keys(event) {
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
    if (moves[event.key]) {
      const at = network.getViewPosition();
      const [x, y] = moves[event.key].map((way) => way / network.getScale());
      network.moveTo({ position: { x: at.x + x, y: at.y + y } });
    } else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
  }
  function wire() {
    const slider = byId("threshold");
    if (stops.length > 1) {
      const say = () => { byId("threshold-value").textContent = String(stops[stop]); slider.setAttribute("aria-valuetext", strengthSaid()); };
      byId("threshold-control").hidden = false;
      byId("threshold-name").textContent = words.strength;
      slider.max = String(stops.length - 1);
      slider.value = String(stop);
      say();
      slider.addEventListener("input", () => { stop = Number(slider.value); say(); refresh(); if (untouched) fit(); });
    }
    byId("controls").addEventListener("submit", (event) => { event.preventDefault(); const [node] = hits(byId("find").value); if (node) { closeHits(); choose({ node }, true); } });
    byId("find").addEventListener("input", search);
    byId("controls").addEventListener("keydown", (event) => { if (event.target === byId("find") && event.key === "ArrowDown" && !byId("hits").hidden) step(event, byId("hits")); });
    byId("hits").addEventListener("keydown", (event) => { if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, byId("hits")); else if (event.key === "Escape") { closeHits(); byId("find").focus(); } });
    byId("closer").addEventListener("click", () => zoom(1.25));
    byId("farther").addEventListener("click", () => zoom(0.8));
    byId("fit").addEventListener("click", fit);
    byId("clear").addEventListener("click", () => choose(null));
    holder.addEventListener("keydown", keys);
    dark.addEventListener("change", refresh);
    addEventListener("beforeprint", () => { printing = true; refresh(); });
    addEventListener("afterprint", () => { printing = false; refresh(); });
    network.on("click", (event) => {
      closeHits();
      if (event.nodes.length) choose({ node: nodes[event.nodes[0]] });
      else if (event.edges.length) choose({ edge: edges[event.edges[0]] });
      else choose(null);
    });
    network.on("hoverNode", (event) => { hovered = event.node; network.redraw(); });
    network.on("blurNode", () => { hovered = null; network.redraw(); });
    network.on("dragEnd", (event) => { event.nodes.forEach((id) => { Object.assign(nodes[id], network.getPosition(id)); }); });
    network.on("afterDrawing", drawLabels);
    network.on("zoom", () => { untouched = false; });
    network.on("dragStart", () => { untouched = false; });
    network.on("resize", () => { if (untouched) fit(); });
    network.once("afterDrawing", fit);
  }

  let seen = [];
  let focus = new Set();
  nodes.forEach((node) => {
    const tally = node.facts.find(([name]) => name === words.count);
    node.tally = tally ? tally[1] : "";
  });
  const said = (heads, list) => [...heads, ...list.map(([name, text]) => `${name}: ${text}`)].join("\n");
  /* vis-network takes a string title as text; it would take an element as markup, so it is given none. */
  const points = new vis.DataSet(nodes.map((node) => ({ id: node.id, x: node.x, y: node.y, size: node.size, shape: node.shape, title: said([called(node)], node.facts) })));
  const lines = new vis.DataSet(edges.map((edge) => ({
    id: edge.id, from: edge.from, to: edge.to, width: edge.width, arrows: quiet ? undefined : edge.arrows,
    title: said([called(nodes[edge.from]), called(nodes[edge.to])], edge.facts),
  })));
  const network = new vis.Network(holder, { nodes: points, edges: lines }, data.options);
  legend();
  wire();
  refresh();
  fit();
  /* For tests and for the curious: what is drawn, as data. */
  window.kgPage = {
    state: () => ({ nodes: seen.map((node) => node.label), edges: edges.filter(edgeSeen).length, labels: placed, scale: network.getScale() }),
    place: (label) => { const node = nodes.find((one) => one.label === label); return network.canvasToDOM({ x: node.x, y: node.y }); },
  };
})();
