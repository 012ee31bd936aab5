// A thing and its neighbours, or the backbone of the whole.

import { type App, type Part, strongest } from "./app";
import { GROUPS, type Rgb } from "./colours";
import { h, plural } from "./dom";
import { joining } from "./evidence";
import { kindOf, labelOf, neighbours, path } from "./graph";
import type { Painter } from "./painter";
import type { Spot } from "./model";
import { NAMED, Scene, type SceneEdge, type SceneNode } from "./scene";

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
      h("p", { class: "unseen", id: "network-help" }, "Arrow keys go from node to node, Enter makes a node the centre, E opens its neighbours, W tells why its lines are there, one after the other, P finds a path to it from the centre, plus and minus zoom, 0 shows the whole."),
      this.#bar, h("div", { class: "canvas" }, this.#canvas), this.#said,
    );
    this.scene = new Scene(this.#canvas, () => this.app.theme, {
      open: (node) => this.#enter(this.scene.nodes[node]!.key),
      point: (node) => this.#tell(node),
      why: (edge) => this.app.choose(this.#ends(edge)),
      pointEdge: (edge) => { this.#said.textContent = this.#told(edge); },
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
    const chosen = new Set(this.app.state.chosen);
    const own = chosen.size === 2 ? edges.findIndex((edge) => chosen.has(nodes[edge.from]!.key) && chosen.has(nodes[edge.to]!.key)) : -1;
    this.scene.chosen = own;
    this.scene.show(nodes, edges, signature !== this.#drawn);
    this.#drawn = signature;
    this.#canvas.setAttribute("aria-label", `Network of ${plural(nodes.length, "node")} and ${plural(edges.length, "edge")}`);
  }

  /** The centre and its strongest neighbours: each step of twenty on a ring, where ego.py has places with room for names. */
  #around(): void {
    const { app } = this;
    const { state, model } = app;
    const all = neighbours(app, state.focus);
    const most = Math.min(Math.ceil(state.most / STEP) * STEP, MOST, all.length);
    const strongestOf = Math.max(1, all[0]?.strength ?? 1);
    const nodes: SceneNode[] = [this.#node(state.focus, 0, 0, Math.max(9, strongestOf))];
    const edges: SceneEdge[] = [];
    const index = new Map([[state.focus, 0]]);
    // The first ring decides how high a row is, so that later ones do not move it.
    const stretch = this.#stretch(model.ego.rings[0]!, NAMED);
    const add = (key: string, [x, y]: Spot, weight: number, side: "left" | "right" = "right"): number => {
      const known = index.get(key);
      if (known !== undefined) return known;
      index.set(key, nodes.length);
      nodes.push({ ...this.#node(key, x, y * stretch, weight), side });
      return nodes.length - 1;
    };
    // A neighbour is opened when so many are shown; told in this order, nothing that stands is moved by what comes later.
    const opened = state.opened.map((entry) => [entry.replace(/@\d+$/, ""), Number(/@(\d+)$/.exec(entry)?.[1] ?? STEP)] as const);
    let next = 0;
    const beyond = (shownBy: number): void => {
      for (; next < opened.length && opened[next]![1] <= shownBy; next++) if (index.has(opened[next]![0])) this.#beyond(opened[next]![0], next, add, index, edges);
    };
    for (let from = 0; from < most; from += STEP) {
      const some = all.slice(from, Math.min(from + STEP, most));
      const fresh = some.filter((item) => !index.has(item.key)).sort((a, b) => this.#turn(a.key) - this.#turn(b.key) || (a.key < b.key ? -1 : 1));
      const ring = model.ego.rings[from / STEP]!;
      fresh.forEach((item, place) => {
        const spot = ring[Math.floor((place * STEP) / fresh.length)]!;
        add(item.key, spot, item.strength, spot[0] < 0 ? "left" : "right");
      });
      for (const item of some) edges.push({ from: 0, to: index.get(item.key)!, strength: item.strength / strongestOf });
      beyond(from + STEP);
    }
    beyond(Infinity);
    const way = state.pathTo ? path(app, state.focus, state.pathTo) : [];
    way.filter((key) => !index.has(key)).forEach((key, place) => {
      const row = model.ego.way.length;
      const [x, y] = model.ego.way[place % row]!;
      add(key, [x, y - 60 * Math.floor(place / row)], 4);
    });
    way.slice(1).forEach((key, step) => edges.push({ from: index.get(way[step]!)!, to: index.get(key)!, strength: 1, marked: true }));
    this.#among(nodes, edges);
    this.#show(nodes, edges, [state.focus, most, state.opened.join(), state.pathTo].join("|"));
    const told = !state.pathTo ? "" : way.length ? ` Path: ${way.join(" \u2013 ")}.` : ` No path to ${state.pathTo} under these filters.`;
    this.#said.textContent = `${labelOf(app, state.focus)}: showing ${most} of ${all.length} neighbours, the strongest first. Choose a line to read why it is there.${told}`;
  }

  /** The order around the centre: techniques along the kill chain, then what is seen with them, kind by kind. */
  #turn(key: string): number {
    const place = this.app.model.techniqueOf.get(key);
    if (place === undefined) return 10_000 + Object.keys(SHAPES).indexOf(kindOf(this.app, key));
    const { tactic } = this.app.model.techniques[place]!;
    return tactic < 0 ? 9_999 : tactic;
  }

  /** What a neighbour stands with: lines to what is shown, and the strongest of the rest on places below. */
  #beyond(key: string, block: number, add: (key: string, spot: Spot, weight: number) => number, index: ReadonlyMap<string, number>, edges: SceneEdge[]): void {
    const { beyond, below } = this.app.model.ego;
    const centre = index.get(key)!;
    let fresh = 0;
    for (const item of neighbours(this.app, key)) {
      const known = index.get(item.key);
      if (fresh >= STEP) break;
      if (known === undefined) {
        const [x, y] = beyond[fresh++]!;
        edges.push({ from: centre, to: add(item.key, [x, y + block * below], item.strength), strength: 0.3 });
      } else if (known) edges.push({ from: centre, to: known, strength: 0.15 });
    }
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

  /** A layout is as high as it came out: what the canvas has left in height, it gets. */
  #stretch(spots: readonly Spot[], side: number): number {
    if (!spots.length) return 1;
    const span = (axis: 0 | 1): number => Math.max(1, Math.max(...spots.map((spot) => spot[axis])) - Math.min(...spots.map((spot) => spot[axis])));
    // The room of the view, not of the canvas: lines of words below it come and go, and must move nothing.
    const { width, height } = this.#canvas.parentElement!.parentElement!.getBoundingClientRect();
    return Math.max(1, Math.min(2, ((Math.min(height, 0.85 * window.innerHeight) - 150) * span(0)) / (Math.max(60, width - 2 * Math.min(side, 0.3 * width)) * span(1))));
  }

  /** All techniques that occur, where the page's maker put them, with the strongest pairs of each. */
  #whole(): void {
    const { app } = this;
    const { counts, model } = app;
    const spots = new Map(counts.shown.map((place) => [place, this.#spot(place)] as const).filter((item): item is [number, Spot] => item[1] !== undefined));
    const stretch = this.#stretch([...spots.values()], 75);
    const nodes: SceneNode[] = [];
    const index = new Map<number, number>();
    for (const [place, [x, y]] of spots) {
      index.set(place, nodes.length);
      nodes.push(this.#node(model.techniques[place]!.id, x, y * stretch, counts.margins[place]!));
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

  /** Where the page's maker put a technique: folded as the counts are, or in the middle of what is folded into it. */
  #spot(place: number): Spot | undefined {
    const { model, state } = this.app;
    const spot = (state.folded === "all" ? model.folded.get(place) : undefined) ?? model.layout.get(place);
    if (spot) return spot;
    const spots = model.children[place]!.map((child) => model.layout.get(child)).filter((found) => found !== undefined);
    return spots.length ? [0, 1].map((side) => spots.reduce((sum, found) => sum + found[side]!, 0) / spots.length) as unknown as Spot : undefined;
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
    const { focus, opened, most } = this.app.state;
    if (key !== focus && focus && !opened.some((entry) => entry.replace(/@\d+$/, "") === key)) this.app.set({ opened: [...opened, `${key}@${Math.ceil(most / STEP) * STEP}`] });
  }

  #ends(edge: number): string[] {
    const { from, to } = this.scene.edges[edge]!;
    return [from, to].map((node) => this.scene.nodes[node]!.key);
  }

  #told(edge: number): string {
    const keys = this.#ends(edge);
    const number = this.app.served ? "" : `: ${plural(joining(this.app, keys).length, "incident")}`;
    return `${keys.map((key) => labelOf(this.app, key)).join(" with ")}${number}. Choose the line to read why it is there.`;
  }

  /** The evidence of the lines at the node under the cursor, one after the other. */
  #why(): void {
    const { scene } = this;
    const near = scene.edges.map((_, edge) => edge).filter((edge) => [scene.edges[edge]!.from, scene.edges[edge]!.to].includes(scene.cursor));
    const next = near[(near.indexOf(scene.chosen) + 1) % near.length];
    if (next !== undefined) this.app.choose(this.#ends(next));
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
    else if (here && event.key.toLowerCase() === "w") this.#why();
    else if (here && event.key.toLowerCase() === "e") this.#expand(here.key);
    else if (here && event.key.toLowerCase() === "p" && this.app.state.focus) this.app.set({ pathTo: here.key });
    else return;
    event.preventDefault();
    this.scene.draw();
    if (this.scene.chosen >= 0 && event.key.toLowerCase() === "w") this.#said.textContent = this.#told(this.scene.chosen);
    else this.#tell(this.scene.cursor);
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
