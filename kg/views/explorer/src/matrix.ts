// Techniques by techniques. One pixel a cell in a small picture, which the canvas enlarges: a change of colours costs
// one pass over the cells, a movement none.

import { type App, type Part, pairValue, title } from "./app";
import { blended, coloured, GROUPS, inkOn, type Rgb } from "./colours";
import { h, plural, shown } from "./dom";
import { Movement, STILL, type Transform } from "./movement";
import { ordered } from "./order";
import { CanvasPainter, clipped, type Painter } from "./painter";
import { MEASURES, measured, scaled } from "./stats";

const LEAST_LABEL = 7;
const LARGEST = 40;
/** From this side of a cell on, names of techniques stand beside it. */
const NAMED = 6;
/** Below this side of a cell the names of columns stand upright; above it they lean, which reads better. */
const UPRIGHT = 13;

/** Measures names; it draws nothing. */
const PAINTER = new CanvasPainter(document.createElement("canvas").getContext("2d")!);

/** The size of names beside cells of a side. */
function lettered(cell: number): number {
  return Math.max(LEAST_LABEL, Math.min(12, cell * 0.98));
}

export class MatrixView implements Part {
  readonly #canvas: HTMLCanvasElement;
  readonly #said: HTMLElement;
  readonly #movement: Movement;
  #cells = document.createElement("canvas");
  #order: number[] = [];
  /** Width of the longest name at a size of 1 pixel. */
  #longest = 0;
  #row = 0;
  #column = 1;
  #pointed = false;
  #observer: ResizeObserver;
  /** Milliseconds that the last full redraw took. */
  lastRedraw = 0;

  constructor(readonly app: App, host: HTMLElement) {
    this.#canvas = h("canvas", {
      tabindex: 0, role: "application", "aria-roledescription": "matrix", "aria-describedby": "matrix-help",
      "aria-label": "Techniques by techniques",
    });
    this.#said = h("p", { class: "under", id: "matrix-said" });
    host.append(
      h("p", { class: "unseen", id: "matrix-help" }, "Arrow keys move through the cells, Enter shows the evidence of a pair, " +
        "F folds or unfolds the row's sub-techniques, plus and minus zoom, 0 shows the whole."),
      h("div", { class: "canvas" }, this.#canvas), this.#said,
    );
    this.#movement = new Movement(this.#canvas, 1, 40, { free: () => true, moved: () => this.#within() });
    this.#canvas.addEventListener("pointermove", (event) => this.#point(event));
    this.#canvas.addEventListener("pointerleave", () => { this.#pointed = false; this.draw(); });
    this.#canvas.addEventListener("click", (event) => this.#click(event));
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#canvas.addEventListener("focus", () => { this.#pointed = true; this.draw(); });
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(this.#canvas.parentElement!);
    this.update();
  }

  leave(): void {
    this.#observer.disconnect();
  }

  /** Width of the row labels, height of the column labels, side of a cell and where the first one stands. */
  #plan(width: number, height: number, transform: Transform): { left: number; top: number; cell: number; x: number; y: number } {
    const n = Math.max(1, this.#order.length);
    const narrow = width < 520;
    let [left, top, side, size] = [0, 0, 0, 11];
    // The size of the names follows from that of the cells, and the room for cells from the names: twice is enough.
    for (let turn = 0; turn < 2; turn++) {
      const name = this.#longest * size;
      left = narrow ? 92 : Math.max(150, Math.min(name + 26, Math.max(0.36 * width, width - n * LARGEST)));
      top = Math.max(64, Math.min(narrow ? 92 : name + 14, Math.max(0.3 * height, height - n * LARGEST)));
      side = Math.max(0.5, Math.min((width - left - 8) / n, (height - top - 4) / n, LARGEST));
      if (side >= UPRIGHT) side = Math.max(UPRIGHT, Math.min(side, (width - left - 0.5 * top) / n));
      size = lettered(side);
    }
    if (side < NAMED) {
      // No cell has its name: what is written then are tactics, which are short.
      [left, top] = [narrow ? 92 : Math.min(190, 0.3 * width), narrow ? 64 : 100];
      side = Math.max(0.5, Math.min((width - left - 8) / n, (height - top - 4) / n));
    }
    return { left, top, cell: side * transform.k, x: left + transform.x, y: top + transform.y };
  }

  update(): void {
    const began = performance.now();
    this.#order = ordered(this.app.model, this.app.counts, this.app.state.order);
    this.#longest = this.#order.reduce((most, place) => Math.max(most, PAINTER.width(title(this.app, place), 10) / 10), 0);
    this.#row = Math.min(this.#row, Math.max(0, this.#order.length - 1));
    this.#column = Math.min(this.#column, Math.max(0, this.#order.length - 1));
    this.#colour();
    this.draw();
    this.lastRedraw = performance.now() - began;
    this.#canvas.setAttribute("aria-label", `Techniques by techniques: ${plural(this.#order.length, "technique")}, coloured by ${MEASURES[this.app.state.measure].name}`);
  }

  /** The picture may be moved as far as its last cell, no farther. */
  #within(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const { k, x, y } = this.#movement.transform;
    const { left, top, cell } = this.#plan(width, height, this.#movement.transform);
    const side = this.#order.length * cell;
    const held = (at: number, room: number): number => Math.min(0, Math.max(at, Math.min(0, room - side)));
    this.#movement.transform = { k, x: held(x, width - left), y: held(y, height - top) };
    this.draw();
  }

  #colour(): void {
    const { app } = this;
    const { counts, state, theme, tested } = app;
    const n = this.#order.length;
    this.#cells.width = this.#cells.height = Math.max(1, n);
    if (!n) return;
    const context = this.#cells.getContext("2d")!;
    const image = context.createImageData(n, n);
    const pixels = new Uint32Array(image.data.buffer);
    const packed = ([r, g, b]: Rgb): number => (255 << 24) | (b << 16) | (g << 8) | r;
    const { diverging } = MEASURES[state.measure];
    const lookup = Array.from({ length: 257 }, (_, at) => coloured(at / 256, diverging, theme.dark));
    const strong = lookup.map(packed);
    const faded = lookup.map((colour) => packed(blended(colour, theme.paper, 0.22)));
    const empty = packed(theme.paper);
    const own = packed(blended(theme.quiet, theme.paper, 0.35));
    let most = 1;
    for (const a of this.#order) for (const b of this.#order) if (a !== b) most = Math.max(most, counts.both[a * counts.size + b]!);
    const everything = state.q >= 1;
    for (let row = 0; row < n; row++) {
      const a = this.#order[row]!;
      const base = a * counts.size;
      const margin = counts.margins[a]!;
      for (let column = 0; column < n; column++) {
        const b = this.#order[column]!;
        const place = row * n + column;
        const both = counts.both[base + b]!;
        if (a === b) pixels[place] = own;
        else if (!both) pixels[place] = empty;
        else {
          const at = Math.round(scaled(state.measure, measured(state.measure, both, margin, counts.margins[b]!, counts.units), most) * 256);
          const keep = both >= state.least && (everything || tested.q(a, b) <= state.q);
          pixels[place] = (keep ? strong : faded)[Number.isNaN(at) ? 128 : at]!;
        }
      }
    }
    context.putImageData(image, 0, 0);
  }

  #resize(): void {
    const box = this.#canvas.parentElement!.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(box.width * ratio);
    this.#canvas.height = Math.round(box.height * ratio);
    this.draw();
  }

  draw(): void {
    const context = this.#canvas.getContext("2d")!;
    const ratio = window.devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [width, height] = [this.#canvas.width / ratio, this.#canvas.height / ratio];
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, width, height);
    const { left, top, cell, x, y } = this.#plan(width, height, this.#movement.transform);
    const n = this.#order.length;
    context.save();
    context.beginPath();
    context.rect(left, top, width - left, height - top);
    context.clip();
    if (n) context.drawImage(this.#cells, x, y, n * cell, n * cell);
    context.restore();
    this.#annotate(new CanvasPainter(context), width, height, this.#movement.transform, true);
    this.#tell();
  }

  /** Grid, labels, tactic bands and the marks of what is pointed at and chosen. */
  #annotate(painter: Painter, width: number, height: number, transform: Transform, marks: boolean): void {
    const { app } = this;
    const { theme, model } = app;
    const { left, top, cell, x, y } = this.#plan(width, height, transform);
    const n = this.#order.length;
    const size = lettered(cell);
    const every = cell >= NAMED;
    const chosen = new Set(app.state.chosen);
    for (let index = 0; index < n; index++) {
      const place = this.#order[index]!;
      const technique = model.techniques[place]!;
      const colour = GROUPS[Math.max(0, technique.tactic) % GROUPS.length]!;
      const [down, across] = [y + index * cell, x + index * cell];
      const mark = marks && this.#pointed;
      const bold = chosen.has(technique.id);
      if (down + cell > top && down < height) {
        painter.rect(left - 5, Math.max(top, down), 4, Math.min(cell, down + cell - top), colour);
        const here = mark && index === this.#row;
        if ((every || here || bold) && down + cell / 2 > top) {
          const fold = model.children[place]!.length ? (this.#folded(technique.id) ? "\u25b8 " : "\u25be ") : "";
          this.#name(painter, `${fold}${technique.id} ${technique.name}`, left - 8, down + cell / 2, here || bold, here || !every ? Math.max(11, size) : size, left - 12, width, 0);
        }
      }
      if (across + cell > left && across < width) {
        painter.rect(Math.max(left, across), top - 5, Math.min(cell, across + cell - left), 4, colour);
        const here = mark && index === this.#column;
        if ((every || here || bold) && across + cell / 2 > left) this.#name(painter, `${technique.id} ${technique.name}`, across + cell / 2, top - 8, here || bold, here || !every ? Math.max(11, size) : size, top - 12, width, cell < UPRIGHT ? -90 : -60);
      }
    }
    if (!every && app.state.order === "tactic") this.#tactics(painter, width, height, transform);
    this.#legend(painter, left);
    if (cell >= 17) this.#numbers(painter, width, height, transform);
    if (!n) painter.text("No unit passes the filters.", left, top + 20, { size: 14, colour: theme.ink });
    if (marks && this.#pointed && n) painter.frame(x + this.#column * cell, y + this.#row * cell, Math.max(cell, 3), Math.max(cell, 3), theme.ink, 2);
    if (app.state.chosen.length === 2) {
      const [a, b] = app.state.chosen.map((id) => this.#order.indexOf(model.techniqueOf.get(id) ?? -1)) as [number, number];
      if (a >= 0 && b >= 0) {
        for (const [row, column] of [[a, b], [b, a]] as const) painter.frame(x + column * cell, y + row * cell, Math.max(cell, 4), Math.max(cell, 4), theme.accent, 2);
      }
    }
  }

  /** A name beside its row or above its column; what is pointed at or chosen is told in full, over what lies beside it. */
  #name(painter: Painter, text: string, x: number, y: number, full: boolean, size: number, room: number, width: number, turn: number): void {
    const { theme } = this.app;
    const style = { size, colour: full ? theme.ink : theme.quiet, bold: full };
    const long = turn === -60 ? room / 0.87 : room;
    const wide = painter.width(text, size, full);
    if (!full || wide <= long) painter.text(clipped(painter, text, size, long), x, y, turn ? { ...style, turn } : { ...style, align: "right", ...(full ? { halo: theme.paper } : {}) });
    else {
      const [start, line] = turn ? [Math.max(4, Math.min(x - wide / 2, width - wide - 4)), y - 10] : [4, y];
      painter.rect(start - 3, line - 8, wide + 6, 16, theme.paper);
      painter.text(text, start, line, style);
    }
  }

  /** Where names of techniques have no room: those of tactics, beside what is theirs. */
  #tactics(painter: Painter, width: number, height: number, transform: Transform): void {
    const { model, theme } = this.app;
    const { left, top, cell, x, y } = this.#plan(width, height, transform);
    const tactics = this.#order.map((place) => model.techniques[place]!.tactic);
    for (let start = 0, end = 0; start < tactics.length; start = end) {
      while (end < tactics.length && tactics[end] === tactics[start]) end++;
      const tactic = model.tactics[tactics[start]!];
      const [middle, style] = [((start + end) * cell) / 2, { size: 10, colour: theme.quiet }];
      if (!tactic || (end - start) * cell < 11) continue;
      if (y + middle > top && y + middle < height) painter.text(clipped(painter, `${tactic.id} ${tactic.name}`, 10, left - 12), left - 8, y + middle, { ...style, align: "right" });
      if (x + middle > left && x + middle < width) painter.text(tactic.id, x + middle, top - 8, { ...style, turn: -90 });
    }
  }

  /** What the colours mean, in the corner that rows and columns leave free. */
  #legend(painter: Painter, left: number): void {
    const { theme, state } = this.app;
    const { diverging, name } = MEASURES[state.measure];
    const [x, y, width] = [8, 16, Math.max(40, left - 60)];
    painter.text(name, x, y - 6, { size: 11, colour: theme.ink, bold: true });
    for (let step = 0; step < 24; step++) painter.rect(x + (step * width) / 24, y + 4, width / 24 + 0.5, 9, coloured((step + 0.5) / 24, diverging, theme.dark));
    const ends = { count: ["1", String(this.#most())], jaccard: ["0", "1"], confidence: ["0", "1"], lift: ["1/32", "32"], npmi: ["\u22121", "1"], phi: ["\u22121", "1"] }[state.measure];
    painter.text(ends[0]!, x, y + 23, { size: 10, colour: theme.quiet });
    painter.text(ends[1]!, x + width, y + 23, { size: 10, colour: theme.quiet, align: "right" });
    if (diverging) painter.text(state.measure === "lift" ? "1" : "0", x + width / 2, y + 23, { size: 10, colour: theme.quiet, align: "center" });
    const faded = state.least > 1 || state.q < 1;
    if (left > 120 && faded) painter.text("faded: below the sliders", x, y + 39, { size: 10, colour: theme.quiet });
  }

  #numbers(painter: Painter, width: number, height: number, transform: Transform): void {
    const { counts, state, theme } = this.app;
    const { left, top, cell, x, y } = this.#plan(width, height, transform);
    const n = this.#order.length;
    const from = (start: number, edge: number): number => Math.max(0, Math.floor((edge - start) / cell));
    const to = (start: number, edge: number): number => Math.min(n, Math.ceil((edge - start) / cell));
    for (let row = from(y, top); row < to(y, height); row++) {
      for (let column = from(x, left); column < to(x, width); column++) {
        const both = counts.both[this.#order[row]! * counts.size + this.#order[column]!]!;
        const [across, down] = [x + (column + 0.5) * cell, y + (row + 0.5) * cell];
        if (!both || across < left || down < top) continue;
        const value = pairValue(this.app, state.measure, this.#order[row]!, this.#order[column]!);
        const faded = row === column || both < state.least || (state.q < 1 && this.app.tested.q(this.#order[row]!, this.#order[column]!) > state.q);
        const back = coloured(scaled(state.measure, Number.isNaN(value) ? 0 : value, this.#most()), MEASURES[state.measure].diverging, theme.dark);
        painter.text(String(both), across, down, { size: Math.min(12, cell * 0.5), colour: faded ? theme.ink : inkOn(back), align: "center" });
      }
    }
  }

  #most(): number {
    const { counts } = this.app;
    let most = 1;
    for (const a of this.#order) for (const b of this.#order) if (a !== b) most = Math.max(most, counts.both[a * counts.size + b]!);
    return most;
  }

  #folded(id: string): boolean {
    return this.app.state.folded === "all" || this.app.state.folded.includes(id);
  }

  #at(event: MouseEvent): { row: number; column: number; label: "row" | "column" | null } | null {
    const box = this.#canvas.getBoundingClientRect();
    const { left, top, cell, x, y } = this.#plan(box.width, box.height, this.#movement.transform);
    const [across, down] = [event.clientX - box.left, event.clientY - box.top];
    const [row, column] = [Math.floor((down - y) / cell), Math.floor((across - x) / cell)];
    const n = this.#order.length;
    if (across < left && down >= top && row >= 0 && row < n) return { row, column: this.#column, label: "row" };
    if (down < top && across >= left && column >= 0 && column < n) return { row: this.#row, column, label: "column" };
    if (across < left || down < top || row < 0 || column < 0 || row >= n || column >= n) return null;
    return { row, column, label: null };
  }

  #point(event: PointerEvent): void {
    if (this.#movement.dragging) return;
    const found = this.#at(event);
    this.#pointed = found !== null;
    if (found) [this.#row, this.#column] = [found.row, found.column];
    this.#canvas.style.cursor = found ? "pointer" : "default";
    this.draw();
  }

  #click(event: MouseEvent): void {
    const found = this.#movement.moved ? null : this.#at(event);
    if (!found) return;
    const box = this.#canvas.getBoundingClientRect();
    const technique = this.app.model.techniques[this.#order[found.label === "column" ? found.column : found.row]!]!;
    if (found.label === "row" && event.clientX - box.left < 26 && this.app.model.children[technique.place]!.length) this.fold(technique.id);
    else if (found.label) this.app.choose([technique.id]);
    else this.#chooseCell(found.row, found.column);
  }

  /** Fold a parent over its sub-techniques, or unfold it. */
  fold(id: string): void {
    const { state, model } = this.app;
    const parents = model.techniques.filter((technique) => model.children[technique.place]!.length).map((technique) => technique.id);
    const folded = new Set(state.folded === "all" ? parents : state.folded);
    if (!folded.delete(id)) folded.add(id);
    this.app.set({ folded: folded.size === parents.length ? "all" : [...folded].sort() });
  }

  #chooseCell(row: number, column: number): void {
    const ids = [row, column].map((index) => this.app.model.techniques[this.#order[index]!]!.id);
    this.app.choose(row === column ? [ids[0]!] : ids);
  }

  #key(event: KeyboardEvent): void {
    const n = this.#order.length;
    if (!n || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 10 : 1;
    const moves: Record<string, [number, number]> = {
      ArrowUp: [-step, 0], ArrowDown: [step, 0], ArrowLeft: [0, -step], ArrowRight: [0, step],
    };
    const move = moves[event.key];
    this.#pointed = true;
    if (move) {
      this.#row = Math.max(0, Math.min(n - 1, this.#row + move[0]));
      this.#column = Math.max(0, Math.min(n - 1, this.#column + move[1]));
    } else if (event.key === "Home") this.#column = 0;
    else if (event.key === "End") this.#column = n - 1;
    else if (event.key === "Enter" || event.key === " ") this.#chooseCell(this.#row, this.#column);
    else if (event.key === "f" || event.key === "F") this.fold(this.#foldable());
    else if (event.key === "+" || event.key === "=") this.#movement.scale(1.5);
    else if (event.key === "-") this.#movement.scale(1 / 1.5);
    else if (event.key === "0") this.#movement.set(STILL);
    else return;
    event.preventDefault();
    this.draw();
    this.app.say(this.#words());
  }

  #foldable(): string {
    const technique = this.app.model.techniques[this.#order[this.#row]!]!;
    return technique.parent >= 0 ? this.app.model.techniques[technique.parent]!.id : technique.id;
  }

  #words(): string {
    const { app } = this;
    const [a, b] = [this.#order[this.#row]!, this.#order[this.#column]!];
    if (a === b) return `${title(app, a)}: ${plural(app.counts.margins[a]!, app.state.unit)} of ${app.counts.units.toLocaleString("en")}`;
    const both = app.counts.both[a * app.counts.size + b]!;
    const q = app.tested.q(a, b);
    const chance = both ? `, q ${shown(q)}${q <= 0.05 ? " (more than chance at 5 %)" : ""}` : "";
    return `${title(app, a)} with ${title(app, b)}: ${plural(both, app.state.unit)} of N ${app.counts.units.toLocaleString("en")}` +
      (both ? `, ${MEASURES[app.state.measure].name} ${shown(pairValue(app, app.state.measure, a, b))}${chance}` : "");
  }

  #tell(): void {
    const n = this.#order.length;
    this.#said.textContent = this.#pointed && n ? this.#words()
      : `${plural(n, "technique")}; a cell is a pair. Point at one, or click it for its evidence.`;
  }

  paint = (painter: Painter, width: number, height: number): void => {
    const { counts, state, theme, tested } = this.app;
    painter.rect(0, 0, width, height, theme.paper);
    const { cell, x, y } = this.#plan(width, height, STILL);
    const most = this.#most();
    this.#order.forEach((a, row) => this.#order.forEach((b, column) => {
      const both = counts.both[a * counts.size + b]!;
      if (!both && a !== b) return;
      const value = pairValue(this.app, state.measure, a, b);
      const at = coloured(Number.isNaN(value) ? 0.5 : scaled(state.measure, value, most), MEASURES[state.measure].diverging, theme.dark);
      const keep = both >= state.least && (state.q >= 1 || tested.q(a, b) <= state.q);
      const colour = a === b ? blended(theme.quiet, theme.paper, 0.35) : keep ? at : blended(at, theme.paper, 0.22);
      painter.rect(x + column * cell, y + row * cell, cell, cell, colour);
    }));
    this.#annotate(painter, width, height, STILL, false);
  };

  size(): readonly [number, number] {
    const side = Math.max(300, this.#order.length * 12);
    const name = this.#longest * 11;
    return [side + Math.max(150, name + 26) + 8, side + Math.max(64, name + 14) + 4];
  }

  table(): readonly (readonly (string | number | null)[])[] {
    const { counts, tested, model, state } = this.app;
    const rows: (string | number | null)[][] = [["technique_a", "technique_b", "count", "count_a", "count_b", "units", "jaccard", "lift", "npmi", "p_fisher", "q"]];
    for (let i = 0; i < counts.shown.length; i++) {
      for (let j = i + 1; j < counts.shown.length; j++) {
        const [a, b] = [counts.shown[i]!, counts.shown[j]!];
        const both = counts.both[a * counts.size + b]!;
        const q = tested.q(a, b);
        if (both < Math.max(1, state.least) || q > state.q) continue;
        const of = (measure: "jaccard" | "lift" | "npmi"): number | null => {
          const value = pairValue(this.app, measure, a, b);
          return Number.isNaN(value) ? null : Number(value.toFixed(6));
        };
        rows.push([
          model.techniques[a]!.id, model.techniques[b]!.id, both, counts.margins[a]!, counts.margins[b]!, counts.units,
          of("jaccard"), of("lift"), of("npmi"), tested.p(a, b), q,
        ]);
      }
    }
    return [rows[0]!, ...rows.slice(1).sort((x, y) => (y[2] as number) - (x[2] as number))];
  }
}
