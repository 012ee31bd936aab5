// A network on a canvas: drag, zoom, pin, and names that do not lie on each other. While it moves, the last picture is
// moved; what is new is drawn when it rests.

import type { Rgb, Theme } from "./colours";
import { blended, css } from "./colours";
import { Movement, STILL, type Transform } from "./movement";
import { CanvasPainter, clipped, corners, type Painter } from "./painter";

export interface SceneNode {
  readonly key: string;
  readonly label: string;
  readonly shape: string;
  readonly colour: Rgb;
  readonly radius: number;
  /** Names of heavier nodes are drawn first. */
  readonly weight: number;
  x: number;
  y: number;
  pinned?: boolean;
  /** The side on which its name has room. */
  readonly side?: "left" | "right";
}

export interface SceneEdge {
  readonly from: number;
  readonly to: number;
  /** 0 to 1. */
  readonly strength: number;
  readonly marked?: boolean;
}

const ALL_EDGES = 4000;
/** Names are cut at so many pixels; ego.py leaves room for them. */
const LONGEST = 212;
/** What is kept free beside a network whose names stand outwards. */
export const NAMED = LONGEST + 20;
const HEAVIEST = 16;
const REST = 140;
/** Lines in one path: the canvas takes more than its share of time for longer ones. */
const BATCH = 200;
/** Milliseconds of drawing lines before the page gets its turn. */
const TURN = 10;

/** How large marks are drawn at a zoom. */
function sized(zoom: number): number {
  return Math.max(0.35, Math.min(1.6, Math.sqrt(zoom)));
}

export class Scene {
  nodes: SceneNode[] = [];
  edges: SceneEdge[] = [];
  cursor = -1;
  /** The line whose evidence is shown, and the one that is pointed at. */
  chosen = -1;
  #lit = -1;
  focus = "";
  /** Boxes of the names drawn last: left, top, right, bottom. */
  labels: [number, number, number, number][] = [];
  readonly #under = document.createElement("canvas");
  readonly #over = document.createElement("canvas");
  #drawing: Iterator<undefined> | null = null;
  #pictured: Transform = STILL;
  readonly #movement: Movement;
  #waiting = 0;
  #frame = 0;
  #dragged = -1;
  #moved = false;

  constructor(
    readonly canvas: HTMLCanvasElement, readonly theme: () => Theme,
    readonly on: { open(node: number): void; point(node: number): void; why(edge: number): void; pointEdge(edge: number): void },
  ) {
    this.#movement = new Movement(canvas, 0.02, 12, { free: (event) => this.at(event) < 0, moved: () => this.#move() });
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
  }

  get transform(): Transform {
    return this.#movement.transform;
  }

  /** Show other nodes; positions are in pixels at zoom 1. */
  show(nodes: SceneNode[], edges: SceneEdge[], fit: boolean): void {
    this.nodes = nodes;
    this.edges = edges;
    this.#lit = -1;
    this.cursor = Math.min(this.cursor, nodes.length - 1);
    if (fit) this.fit();
    else this.draw();
  }

  resize(): void {
    const box = this.canvas.parentElement!.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = this.#under.width = this.#over.width = Math.round(box.width * ratio);
    this.canvas.height = this.#under.height = this.#over.height = Math.round(box.height * ratio);
  }

  get area(): readonly [number, number] {
    const ratio = window.devicePixelRatio || 1;
    return [this.canvas.width / ratio, this.canvas.height / ratio];
  }

  fit(): void {
    this.#movement.set(this.fitting(...this.area));
    this.draw();
  }

  fitting(width: number, height: number): Transform {
    if (!this.nodes.length) return STILL;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const node of this.nodes) {
      [left, right] = [Math.min(left, node.x), Math.max(right, node.x)];
      [top, bottom] = [Math.min(top, node.y), Math.max(bottom, node.y)];
    }
    const [wide, high] = [Math.max(1, right - left), Math.max(1, bottom - top)];
    const sides = Math.min(this.nodes.some((node) => node.side) ? NAMED : 75, 0.3 * width);
    const scale = Math.max(0.02, Math.min(1.6, (width - 2 * sides) / wide, (height - 70) / high));
    return { k: scale, x: width / 2 - (scale * (left + right)) / 2, y: height / 2 - (scale * (top + bottom)) / 2 };
  }

  by(factor: number): void {
    this.#movement.scale(factor);
  }

  pan(x: number, y: number): void {
    this.#movement.shift(x, y);
  }

  /** While moving: the last picture at its new place; the whole drawing when it has rested a little. */
  #move(): void {
    this.#drawing = null;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#compose();
    });
    window.clearTimeout(this.#waiting);
    this.#waiting = window.setTimeout(() => this.draw(), this.edges.length < ALL_EDGES ? 24 : REST);
  }

  /** The lines and the nodes as drawn last, at where they are now. */
  #compose(): void {
    const context = this.canvas.getContext("2d")!;
    const ratio = window.devicePixelRatio || 1;
    const scale = this.transform.k / this.#pictured.k;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = css(this.theme().paper);
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(scale, 0, 0, scale, (this.transform.x - this.#pictured.x * scale) * ratio, (this.transform.y - this.#pictured.y * scale) * ratio);
    context.drawImage(this.#under, 0, 0);
    context.drawImage(this.#over, 0, 0);
  }

  draw(): void {
    window.clearTimeout(this.#waiting);
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = this.area;
    const at = this.#places(this.transform);
    const [under, over] = [this.#under, this.#over].map((canvas) => {
      const context = canvas.getContext("2d")!;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      return context;
    }) as [CanvasRenderingContext2D, CanvasRenderingContext2D];
    this.#marks(new CanvasPainter(over), at, width, height, this.transform.k);
    this.#pictured = this.transform;
    this.#drawing = this.#lines(under, at, width, height);
    this.#go(this.#drawing);
  }

  /** Draw lines for one turn; go on in the next frame, unless something else is asked for. */
  #go(drawing: Iterator<undefined>): void {
    if (drawing !== this.#drawing) return;
    const end = performance.now() + TURN;
    let done = false;
    while (!done && performance.now() < end) done = drawing.next().done === true;
    this.#compose();
    if (done) this.#drawing = null;
    else requestAnimationFrame(() => this.#go(drawing));
  }

  /** Whether lines are still to be drawn. */
  get busy(): boolean {
    return this.#drawing !== null || this.#frame !== 0;
  }

  #places(transform: Transform): (readonly [number, number])[] {
    return this.nodes.map((node) => [node.x * transform.k + transform.x, node.y * transform.k + transform.y] as const);
  }

  /** Everything at once, for a file. */
  paint(painter: Painter, width: number, height: number, transform: Transform): void {
    const theme = this.theme();
    const at = this.#places(transform);
    painter.rect(0, 0, width, height, theme.paper);
    for (const edge of this.edges) {
      const [from, to] = [at[edge.from]!, at[edge.to]!];
      painter.line(...from, ...to, edge.marked ? theme.accent : theme.quiet, edge.marked ? 3 : 0.5 + 2.5 * edge.strength, edge.marked ? 1 : 0.25 + 0.5 * edge.strength);
    }
    this.#marks(painter, at, width, height, transform.k);
  }

  #marks(painter: Painter, at: readonly (readonly [number, number])[], width: number, height: number, scale: number): void {
    const theme = this.theme();
    const size = sized(scale);
    for (const line of [this.chosen, this.#lit]) {
      const edge = this.edges[line];
      if (edge) painter.line(...at[edge.from]!, ...at[edge.to]!, theme.accent, 3);
    }
    if (painter instanceof CanvasPainter && this.nodes.length > ALL_EDGES) this.#nodesAtOnce(painter.context, at, size, width, height);
    else {
      this.nodes.forEach((node, index) => {
        const [x, y] = at[index]!;
        if (x < -50 || y < -50 || x > width + 50 || y > height + 50) return;
        painter.shape(node.shape, x, y, node.radius * size, node.colour, index === this.cursor || node.key === this.focus ? theme.ink : blended(theme.ink, theme.paper, 0.55));
        if (node.pinned) painter.disc(x, y, 2, theme.paper, theme.ink);
        if (index === this.cursor) painter.frame(x - node.radius * size - 4, y - node.radius * size - 4, 2 * node.radius * size + 8, 2 * node.radius * size + 8, theme.accent, 2);
      });
    }
    this.#names(painter, at, size, width, height);
  }

  /** Lines in batches of one strength, the strongest batches last so that they lie on top. */
  *#lines(context: CanvasRenderingContext2D, at: readonly (readonly [number, number])[], width: number, height: number): Generator<undefined> {
    const theme = this.theme();
    const levels: SceneEdge[][] = [[], [], [], [], [], []];
    for (const edge of this.edges) levels[edge.marked ? 5 : Math.min(4, Math.floor(edge.strength * 5))]!.push(edge);
    for (const [level, edges] of levels.entries()) {
      for (let start = 0; start < edges.length; start += BATCH) {
        context.beginPath();
        for (const edge of edges.slice(start, start + BATCH)) {
          const [x1, y1] = at[edge.from]!;
          const [x2, y2] = at[edge.to]!;
          if ((x1 < 0 && x2 < 0) || (y1 < 0 && y2 < 0) || (x1 > width && x2 > width) || (y1 > height && y2 > height)) continue;
          context.moveTo(x1, y1);
          context.lineTo(x2, y2);
        }
        context.strokeStyle = level === 5 ? css(theme.accent) : css(theme.quiet, 0.25 + 0.12 * level);
        context.lineWidth = level === 5 ? 3 : 0.6 + 0.55 * level;
        context.stroke();
        yield undefined;
      }
    }
  }

  #nodesAtOnce(context: CanvasRenderingContext2D, at: readonly (readonly [number, number])[], size: number, width: number, height: number): void {
    const byColour = new Map<string, number[]>();
    this.nodes.forEach((node, index) => {
      const [x, y] = at[index]!;
      if (x < -20 || y < -20 || x > width + 20 || y > height + 20) return;
      const colour = css(node.colour);
      const list = byColour.get(colour);
      if (list) list.push(index); else byColour.set(colour, [index]);
    });
    for (const [colour, list] of byColour) {
      context.beginPath();
      for (const index of list) {
        const node = this.nodes[index]!;
        const [x, y] = at[index]!;
        const points = corners(node.shape, x, y, node.radius * size);
        if (points.length) {
          context.moveTo(...(points[0] as [number, number]));
          for (const point of points.slice(1)) context.lineTo(...(point as [number, number]));
          context.closePath();
        } else {
          context.moveTo(x + node.radius * size, y);
          context.arc(x, y, node.radius * size, 0, 6.2832);
        }
      }
      context.fillStyle = colour;
      context.fill();
    }
  }

  /** Names where there is room, the heaviest first; the one under the cursor and the focus always. */
  #names(painter: Painter, at: readonly (readonly [number, number])[], size: number, width: number, height: number): void {
    const theme = this.theme();
    const order = this.nodes.map((_, index) => index).filter((index) => {
      const [x, y] = at[index]!;
      return x > 0 && y > 0 && x < width && y < height;
    });
    const first = (index: number): number => (index === this.cursor ? 2 : this.nodes[index]!.key === this.focus ? 1 : 0);
    order.sort((a, b) => first(b) - first(a) || this.nodes[b]!.weight - this.nodes[a]!.weight || a - b);
    const taken: [number, number, number, number][] = [];
    const marks = order.length <= 400 ? order.map((index) => {
      const [x, y] = at[index]!;
      const r = this.nodes[index]!.radius * size;
      return [x - r, y - r, x + r, y + r] as [number, number, number, number];
    }) : [];
    for (const [rank, index] of order.slice(0, 600).entries()) {
      const node = this.nodes[index]!;
      const [x, y] = at[index]!;
      const r = node.radius * size;
      const beyond = node.side === "left" ? x : width - x;
      const text = clipped(painter, node.label, 11, node.side ? Math.max(40, Math.min(LONGEST, beyond - r - 8)) : LONGEST);
      const w = painter.width(text, 11, first(index) > 0);
      const below: [number, number][] = [[x - w / 2, y + r + 9], [x - w / 2, y - r - 9]];
      const beside: [number, number][] = [[x + r + 4, y], [x - r - 4 - w, y]];
      if (node.side === "left") beside.reverse();
      const lean: [number, number][] = [-1, 1].flatMap((down) => [[x + 0.7 * r + 3, y + down * (0.7 * r + 7)], [x - 0.7 * r - 3 - w, y + down * (0.7 * r + 7)]]);
      const spots = node.key === this.focus ? [...below, ...beside] : [...beside, ...below, ...lean];
      const fits = (marked: boolean) => ([left, line]: [number, number]): boolean => {
        const box = [left - 1, line - 7, left + w + 1, line + 7] as const;
        if (box[0] < 0 || box[2] > width || box[1] < 0 || box[3] > height) return false;
        const hits = (other: readonly number[]): boolean => box[0] < other[2]! && other[0]! < box[2] && box[1] < other[3]! && other[1]! < box[3];
        return !taken.some(hits) && !(marked && marks.some(hits));
      };
      // The heaviest have their names, if need be over the marks of others.
      const spot = spots.find(fits(true)) ?? (rank < HEAVIEST ? spots.find(fits(false)) : undefined) ?? (first(index) === 2 ? spots[0] : undefined);
      if (!spot) continue;
      taken.push([spot[0] - 1, spot[1] - 7, spot[0] + w + 1, spot[1] + 7]);
      painter.text(text, spot[0], spot[1], { size: 11, colour: theme.ink, bold: first(index) > 0, halo: theme.paper });
      if (taken.length >= 160) break;
    }
    this.labels = taken;
  }

  /** The node at a place of the window; -1 for none. */
  at(event: { clientX: number; clientY: number }): number {
    const [x, y] = this.#movement.invert(event);
    const { k } = this.transform;
    const size = sized(k);
    let [found, least] = [-1, Infinity];
    // A pass over 50,000 nodes takes a fraction of a millisecond: no index is worth its bytes.
    this.nodes.forEach((node, index) => {
      const away = Math.hypot(node.x - x, node.y - y) * k - node.radius * size;
      if (away <= 4 && away < least) [found, least] = [index, away];
    });
    return found;
  }

  /** The line at a place of the window, where there are not too many; -1 for none. */
  edgeAt(event: { clientX: number; clientY: number }): number {
    if (this.edges.length > ALL_EDGES) return -1;
    const [x, y] = this.#movement.invert(event);
    let [found, least] = [-1, 5 / this.transform.k];
    this.edges.forEach((edge, index) => {
      const [from, to] = [this.nodes[edge.from]!, this.nodes[edge.to]!];
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const share = Math.max(0, Math.min(1, ((x - from.x) * dx + (y - from.y) * dy) / Math.max(1e-9, dx * dx + dy * dy)));
      const away = Math.hypot(from.x + share * dx - x, from.y + share * dy - y);
      if (away < least) [found, least] = [index, away];
    });
    return found;
  }

  /** The node nearest in the direction of an arrow key. */
  toward(x: number, y: number): number {
    const here = this.nodes[this.cursor];
    if (!here) return this.nodes.length ? 0 : -1;
    let [best, least] = [this.cursor, Infinity];
    this.nodes.forEach((node, index) => {
      const [dx, dy] = [node.x - here.x, node.y - here.y];
      const along = dx * x + dy * y;
      if (index === this.cursor || along <= 0) return;
      const cost = along + 2.5 * Math.abs(dx * y - dy * x);
      if (cost < least) [best, least] = [index, cost];
    });
    return best;
  }

  #down(event: PointerEvent): void {
    this.#dragged = this.at(event);
    this.#moved = false;
    if (this.#dragged >= 0) this.canvas.setPointerCapture(event.pointerId);
  }

  #drag(event: PointerEvent): void {
    if (this.#movement.dragging) return;
    if (this.#dragged < 0) {
      const found = this.at(event);
      const line = found < 0 ? this.edgeAt(event) : -1;
      this.canvas.style.cursor = found >= 0 || line >= 0 ? "pointer" : "grab";
      if (line !== this.#lit) {
        this.#lit = line;
        this.draw();
        if (line >= 0) this.on.pointEdge(line);
      }
      if (found >= 0 && found !== this.cursor) {
        this.cursor = found;
        this.draw();
        this.on.point(found);
      }
      return;
    }
    const [x, y] = this.#movement.invert(event);
    const node = this.nodes[this.#dragged]!;
    if (!this.#moved && Math.hypot(node.x - x, node.y - y) * this.transform.k < 5) return;
    this.#moved = true;
    [node.x, node.y, node.pinned] = [x, y, true];
    this.draw();
  }

  #up(event: PointerEvent): void {
    const node = this.#dragged;
    this.#dragged = -1;
    if (node >= 0 && !this.#moved && this.at(event) === node) this.on.open(node);
    if (node >= 0 || this.#movement.moved) return;
    const edge = this.edgeAt(event);
    if (edge >= 0) this.on.why(edge);
  }
}
