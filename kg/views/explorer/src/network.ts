// A thing and its neighbours, or the backbone of the whole.

import { type App, type Part, strongest } from "./app";
import { GROUPS, type Rgb } from "./colours";
import { h, plural } from "./dom";
import { kindOf, labelOf, neighbours, path } from "./graph";
import type { Painter } from "./painter";
import { Scene, type SceneEdge, type SceneNode } from "./scene";

const STEP = 20;
const MOST = 150;
const SHAPES: Readonly<Record<string, string>> = { technique: "disc", incident: "square", actor: "diamond", platform: "triangle", country: "diamond", region: "diamond" };
const THINGS: Readonly<Record<string, Rgb>> = { incident: [150, 160, 172], actor: [213, 94, 0], platform: [0, 114, 178], country: [204, 121, 167], region: [204, 121, 167] };

export class NetworkView implements Part {
  readonly scene: Scene;
  readonly #canvas: HTMLCanvasElement;
  readonly #said: HTMLElement;
  readonly #bar: HTMLElement;
  readonly #observer: ResizeObserver;
  readonly #pinned = new Map<string, [number, number]>();
  #drawn = "";

  constructor(readonly app: App, host: HTMLElement) {
    this.#canvas = h("canvas", { tabindex: 0, role: "application", "aria-roledescription": "network", "aria-label": "Network", "aria-describedby": "network-help" });
    this.#said = h("p", { class: "under", id: "network-said" });
    this.#bar = h("p", { class: "under bar" });
    host.append(
      h("p", { class: "unseen", id: "network-help" }, "Arrow keys go from node to node, Enter makes a node the centre, E opens its neighbours, P finds a path to it from the centre, plus and minus zoom, 0 shows the whole."),
      this.#bar, h("div", { class: "canvas" }, this.#canvas), this.#said,
    );
    this.scene = new Scene(this.#canvas, () => this.app.theme, {
      open: (node) => this.#enter(this.scene.nodes[node]!.key),
      point: (node) => this.#tell(node),
    });
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#canvas.addEventListener("dblclick", (event) => { const node = this.scene.at(event); if (node >= 0) this.#expand(this.scene.nodes[node]!.key); });
    this.#observer = new ResizeObserver(() => { this.scene.resize(); this.scene.fit(); });
    this.#observer.observe(this.#canvas.parentElement!);
    this.scene.resize();
    this.update();
  }

  leave(): void {
    this.#observer.disconnect();
  }

  update(): void {
    const { state } = this.app;
    for (const node of this.scene.nodes) if (node.pinned) this.#pinned.set(node.key, [node.x, node.y]);
    if (state.focus && kindOf(this.app, state.focus) !== "other") this.#around();
    else this.#whole();
    this.#controls();
  }

  #node(key: string, x: number, y: number, weight: number): SceneNode {
    const kind = kindOf(this.app, key);
    const place = this.app.model.techniqueOf.get(key);
    const tactic = place === undefined ? -1 : this.app.model.techniques[place]!.tactic;
    const pinned = this.#pinned.get(key);
    return {
      key, label: labelOf(this.app, key), shape: SHAPES[kind] ?? "disc", weight, radius: 4 + Math.min(14, 2.2 * Math.sqrt(weight)),
      colour: THINGS[kind] ?? GROUPS[Math.max(0, tactic) % GROUPS.length]!,
      x: pinned?.[0] ?? x, y: pinned?.[1] ?? y, ...(pinned ? { pinned: true } : {}),
    };
  }

  #show(nodes: SceneNode[], edges: SceneEdge[], signature: string): void {
    this.scene.focus = this.app.state.focus;
    this.scene.show(nodes, edges, signature !== this.#drawn);
    this.#drawn = signature;
    this.#canvas.setAttribute("aria-label", `Network of ${plural(nodes.length, "node")} and ${plural(edges.length, "edge")}`);
  }

  /** The centre, its strongest neighbours on rings by kind, and what was opened beyond them. */
  #around(): void {
    const { app } = this;
    const { state } = app;
    const all = neighbours(app, state.focus);
    const most = Math.min(state.most, MOST, all.length);
    const nodes: SceneNode[] = [this.#node(state.focus, 0, 0, Math.max(9, all[0]?.strength ?? 1))];
    const edges: SceneEdge[] = [];
    const index = new Map([[state.focus, 0]]);
    const strongestOf = Math.max(1, all[0]?.strength ?? 1);
    const add = (key: string, x: number, y: number, weight: number): number => {
      const known = index.get(key);
      if (known !== undefined) return known;
      index.set(key, nodes.length);
      nodes.push(this.#node(key, x, y, weight));
      return nodes.length - 1;
    };
    all.slice(0, most).forEach((item, rank) => {
      const ring = Math.floor(rank / STEP);
      const onRing = Math.min(STEP, most - ring * STEP);
      const angle = ((rank % STEP) / onRing) * 2 * Math.PI + ring * 0.16 - Math.PI / 2;
      const radius = 190 + ring * 120;
      const place = add(item.key, Math.cos(angle) * radius * 1.45, Math.sin(angle) * radius, item.strength);
      edges.push({ from: 0, to: place, strength: item.strength / strongestOf });
    });
    const opened = state.opened.filter((key) => index.has(key));
    for (const key of opened) this.#beyond(key, add, index, edges, nodes);
    const marked = state.pathTo ? path(app, state.focus, state.pathTo) : [];
    marked.forEach((key, step) => {
      const place = add(key, step * 130 - 200, 330, 4);
      if (step) edges.push({ from: index.get(marked[step - 1]!)!, to: place, strength: 1, marked: true });
    });
    this.#among(nodes, edges);
    this.#show(nodes, edges, [state.focus, state.most, opened.join(), state.pathTo].join("|"));
    const way = !state.pathTo ? "" : marked.length ? ` Path: ${marked.join(" \u2013 ")}.` : ` No path to ${state.pathTo} under these filters.`;
    this.#said.textContent = `${labelOf(app, state.focus)}: showing ${most} of ${all.length} neighbours, the strongest first.${way}`;
  }

  #beyond(key: string, add: (key: string, x: number, y: number, weight: number) => number, index: Map<string, number>, edges: SceneEdge[], nodes: SceneNode[]): void {
    const centre = index.get(key)!;
    const found = neighbours(this.app, key).filter((item) => !index.has(item.key)).slice(0, STEP);
    const { x, y } = nodes[centre]!;
    const out = Math.atan2(y, x);
    found.forEach((item, rank) => {
      const angle = out + ((rank + 0.5) / found.length - 0.5) * 2.4;
      const place = add(item.key, x + Math.cos(angle) * (150 + (rank % 2) * 60) * 1.3, y + Math.sin(angle) * (150 + (rank % 2) * 60), item.strength);
      edges.push({ from: centre, to: place, strength: 0.3 });
    });
  }

  /** Thin edges among the techniques that are shown, where they pass the sliders. */
  #among(nodes: readonly SceneNode[], edges: SceneEdge[]): void {
    const { counts, model, state, tested } = this.app;
    const present = nodes.map((node, place) => [model.techniqueOf.get(node.key), place] as const).filter(([found, place]) => found !== undefined && place > 0);
    const joined = new Set(edges.map((edge) => `${edge.from}-${edge.to}`));
    for (const [a, from] of present) {
      for (const [b, to] of present) {
        if (from >= to || joined.has(`${from}-${to}`)) continue;
        const both = counts.both[a! * counts.size + b!]!;
        if (both >= Math.max(2, state.least) && tested.q(a!, b!) <= Math.min(0.05, state.q)) edges.push({ from, to, strength: 0.05 });
      }
    }
  }

  /** All techniques that occur, where the page's maker put them, with the strongest pairs of each. */
  #whole(): void {
    const { app } = this;
    const { counts, model } = app;
    const nodes: SceneNode[] = [];
    const index = new Map<number, number>();
    for (const place of counts.shown) {
      const at = model.layout.get(place) ?? this.#mean(place);
      if (!at) continue;
      index.set(place, nodes.length);
      nodes.push(this.#node(model.techniques[place]!.id, at[0], at[1], counts.margins[place]!));
    }
    const pairs = strongest(app).filter((pair) => index.has(pair.a) && index.has(pair.b));
    const kept = new Map<number, number>();
    const most = Math.max(1, ...pairs.map((pair) => pair.both));
    const edges: SceneEdge[] = [];
    for (const pair of pairs) {
      const [a, b] = [kept.get(pair.a) ?? 0, kept.get(pair.b) ?? 0];
      if (a >= 3 && b >= 3) continue;
      kept.set(pair.a, a + 1);
      kept.set(pair.b, b + 1);
      edges.push({ from: index.get(pair.a)!, to: index.get(pair.b)!, strength: Math.sqrt(pair.both / most) });
    }
    this.#show(nodes, edges, `whole ${nodes.length}`);
    this.#said.textContent = `The backbone: ${plural(nodes.length, "technique")}, each joined to those it goes with most; showing ${edges.length} of ${plural(pairs.length, "pair")}. Choose one to make it the centre.`;
  }

  #mean(place: number): [number, number] | null {
    const spots = this.app.model.children[place]!.map((child) => this.app.model.layout.get(child)).filter((spot) => spot !== undefined);
    if (!spots.length) return null;
    return [spots.reduce((sum, spot) => sum + spot[0], 0) / spots.length, spots.reduce((sum, spot) => sum + spot[1], 0) / spots.length];
  }

  #controls(): void {
    const { app } = this;
    const { state } = app;
    const all = state.focus ? neighbours(app, state.focus).length : 0;
    this.#bar.replaceChildren(...[
      state.focus ? h("button", { type: "button", click: () => app.set({ focus: "", opened: [], pathTo: "" }) }, "The whole") : null,
      state.focus ? h("button", { type: "button", click: () => app.set({ view: "page" }) }, "Open its page") : null,
      state.focus && state.most < Math.min(all, MOST) ? h("button", { type: "button", click: () => app.set({ most: state.most + STEP }) }, `Next ${Math.min(STEP, Math.min(all, MOST) - state.most)}`) : null,
      state.pathTo ? h("button", { type: "button", click: () => app.set({ pathTo: "" }) }, "Clear path") : null,
      this.#pinned.size || this.scene.nodes.some((node) => node.pinned) ? h("button", { type: "button", click: () => { this.#pinned.clear(); this.scene.nodes.forEach((node) => { node.pinned = false; }); this.#drawn = ""; this.update(); } }, "Unpin all") : null,
      h("button", { type: "button", "aria-label": "Zoom in", click: () => this.scene.by(1.4) }, "+"),
      h("button", { type: "button", "aria-label": "Zoom out", click: () => this.scene.by(1 / 1.4) }, "\u2212"),
      h("button", { type: "button", click: () => this.scene.fit() }, "Fit"),
      h("span", { class: "keys", "aria-hidden": "true" }, ...Object.entries({ technique: "\u25cf", incident: "\u25a0", actor: "\u25c6", platform: "\u25b2" }).map(([kind, mark]) => h("span", {}, `${mark} ${kind}`))),
    ].filter((item) => item !== null));
  }

  #enter(key: string): void {
    const { state } = this.app;
    if (key === state.focus) this.app.open(key);
    else this.app.set({ focus: key, opened: [], most: STEP, pathTo: "", chosen: this.app.model.techniqueOf.has(key) ? [key] : state.chosen });
  }

  #expand(key: string): void {
    if (key !== this.app.state.focus && this.app.state.focus) this.app.set({ opened: [...new Set([...this.app.state.opened, key])] });
  }

  #tell(node: number): void {
    const found = this.scene.nodes[node];
    if (!found) return;
    const edge = this.scene.edges.filter((item) => item.from === node || item.to === node).length;
    this.#said.textContent = `${found.label} (${kindOf(this.app, found.key)}): ${plural(edge, "edge")} shown.`;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const arrow = arrows[event.key];
    const here = this.scene.nodes[this.scene.cursor];
    if (arrow && event.shiftKey) this.scene.pan(-arrow[0] * 60, -arrow[1] * 60);
    else if (arrow) this.scene.cursor = this.scene.toward(...arrow);
    else if (event.key === "+" || event.key === "=") this.scene.by(1.4);
    else if (event.key === "-") this.scene.by(1 / 1.4);
    else if (event.key === "0") this.scene.fit();
    else if (here && (event.key === "Enter" || event.key === " ")) this.#enter(here.key);
    else if (here && event.key.toLowerCase() === "e") this.#expand(here.key);
    else if (here && event.key.toLowerCase() === "p" && this.app.state.focus) this.app.set({ pathTo: here.key });
    else return;
    event.preventDefault();
    this.scene.draw();
    this.#tell(this.scene.cursor);
    this.app.say(this.#said.textContent ?? "");
  }

  paint = (painter: Painter, width: number, height: number): void => {
    this.scene.paint(painter, width, height, this.scene.fitting(width, height));
  };

  size(): readonly [number, number] {
    return [1400, 1000];
  }

  table(): readonly (readonly (string | number | null)[])[] {
    return [["from", "from_name", "to", "to_name", "strength"], ...this.scene.edges.map((edge) => {
      const [from, to] = [this.scene.nodes[edge.from]!, this.scene.nodes[edge.to]!];
      return [from.key, from.label, to.key, to.label, Number(edge.strength.toFixed(4))];
    })];
  }
}
