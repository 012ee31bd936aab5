// Which techniques stand together in threes and more: each column is one combination, exclusive or inclusive, and the
// page says which.

import { type App, type Part, title, unitWord } from "./app";
import { css } from "./colours";
import { h, plural, s } from "./dom";
import { clipped, type Painter } from "./painter";

const LEAST = 3;
const MOST = 12;
const OPENING = 6;
const COLUMNS = 40;

interface Combination { readonly members: readonly number[]; readonly count: number }

export class SetsView implements Part {
  readonly #host: HTMLElement;

  constructor(readonly app: App, host: HTMLElement) {
    this.#host = h("div", { class: "sets" });
    host.append(this.#host);
    this.update();
  }

  /** The chosen techniques; with fewer than three, the most frequent ones beside them. */
  #sets(): number[] {
    const { counts, model, state } = this.app;
    const chosen = state.chosen.map((id) => model.techniqueOf.get(id)).filter((place): place is number => place !== undefined && counts.margins[place]! > 0);
    if (chosen.length >= LEAST) return chosen.slice(0, MOST);
    const with_ = (place: number): number => chosen.reduce((sum, other) => sum + counts.both[other * counts.size + place]!, 0);
    const others = counts.shown.filter((place) => !chosen.includes(place));
    others.sort((a, b) => with_(b) - with_(a) || counts.margins[b]! - counts.margins[a]! || a - b);
    return [...chosen, ...others.slice(0, OPENING - chosen.length)];
  }

  #combinations(sets: readonly number[]): Combination[] {
    const { counts, state } = this.app;
    const found = new Map<number, number>();
    for (const held of counts.unitTechniques) {
      let mask = 0;
      sets.forEach((place, bit) => { if (held.includes(place)) mask |= 1 << bit; });
      if (mask) found.set(mask, (found.get(mask) ?? 0) + 1);
    }
    const exclusive = new Map(found);
    if (state.inclusive) {
      // A combination holds every unit that holds at least its members, whatever else the unit holds.
      const masks = new Set(exclusive.keys());
      for (const one of exclusive.keys()) for (const other of exclusive.keys()) if (one & other) masks.add(one & other);
      found.clear();
      for (const mask of masks) found.set(mask, [...exclusive].reduce((sum, [other, number]) => sum + ((other & mask) === mask ? number : 0), 0));
    }
    return [...found].map(([mask, number]) => ({ members: sets.map((_, bit) => bit).filter((bit) => mask & (1 << bit)), count: number }))
      .sort((a, b) => b.count - a.count || b.members.length - a.members.length || a.members.join().localeCompare(b.members.join())).slice(0, COLUMNS);
  }

  update(): void {
    const { app } = this;
    const { state, theme, counts, model } = app;
    const sets = this.#sets();
    if (!sets.length) {
      this.#host.replaceChildren(h("p", {}, "No unit passes the filters."));
      return;
    }
    const combinations = this.#combinations(sets);
    const most = Math.max(1, ...combinations.map((item) => item.count));
    const [left, column, row, tall] = [330, 30, 28, 170];
    const width = left + combinations.length * column + 20;
    const svg = s("svg", { width, height: tall + 20 + sets.length * row, viewBox: `0 0 ${width} ${tall + 20 + sets.length * row}`, role: "group", "aria-label": "Combinations of techniques" });
    sets.forEach((place, index) => {
      const y = tall + 10 + index * row;
      if (index % 2 === 0) svg.append(s("rect", { x: 0, y, width, height: row, fill: css(theme.line, 0.35) }));
      const name = title(app, place);
      svg.append(s("text", { x: left - 44, y: y + row / 2 + 4, "text-anchor": "end", fill: css(theme.ink), "font-size": 12 }, name.length > 42 ? `${name.slice(0, 40)}\u2026` : name),
        s("text", { x: left - 12, y: y + row / 2 + 4, "text-anchor": "end", fill: css(theme.quiet), "font-size": 12 }, String(counts.margins[place])));
    });
    combinations.forEach((item, index) => {
      const x = left + index * column;
      const height = (item.count / most) * (tall - 30);
      const ids = item.members.map((bit) => model.techniques[sets[bit]!]!.id);
      const ask = (): void => app.choose(ids);
      const words = `${ids.join(", ")}${state.inclusive ? "" : " and no other of these"}: ${plural(item.count, state.unit)}`;
      const mark = s("g", { tabindex: 0, role: "button", "aria-label": words, class: "barmark", click: ask, keydown: (event: KeyboardEvent) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); ask(); } } },
        s("rect", { x, y: 0, width: column, height: tall + 10 + sets.length * row, fill: "transparent" }),
        s("rect", { x: x + 5, y: tall - height, width: column - 10, height, fill: css(theme.accent) }),
        s("text", { x: x + column / 2, y: tall - height - 5, "text-anchor": "middle", fill: css(theme.ink), "font-size": 11 }, String(item.count)));
      sets.forEach((_, bit) => mark.append(s("circle", { cx: x + column / 2, cy: tall + 10 + (bit + 0.5) * row, r: 6, fill: item.members.includes(bit) ? css(theme.ink) : css(theme.line) })));
      if (item.members.length > 1) mark.append(s("line", { x1: x + column / 2, x2: x + column / 2, y1: tall + 10 + (item.members[0]! + 0.5) * row, y2: tall + 10 + (item.members[item.members.length - 1]! + 0.5) * row, stroke: css(theme.ink), "stroke-width": 2 }));
      svg.append(mark);
    });
    const focused = [...this.#host.querySelectorAll(".barmark")].indexOf(document.activeElement as Element);
    this.#host.replaceChildren(
      h("p", { class: "under" }, h("label", { for: "inclusive" }, h("input", { type: "checkbox", id: "inclusive", checked: state.inclusive, change: (event: Event) => app.set({ inclusive: (event.target as HTMLInputElement).checked }) }), " count units that hold at least these"),
        ` \u2014 ${state.inclusive ? "inclusive: a unit counts in every combination it holds" : "exclusive: each unit counts once, in the combination of all it holds of these"}. N = ${counts.units.toLocaleString("en")} ${unitWord(app)}. Choose techniques anywhere (Shift-click in the framework) to set the rows.`),
      svg);
    if (focused >= 0) this.#host.querySelectorAll<SVGElement>(".barmark")[focused]?.focus();
  }

  paint = (painter: Painter, width: number, height: number): void => {
    const { theme, counts } = this.app;
    painter.rect(0, 0, width, height, theme.paper);
    const sets = this.#sets();
    const combinations = this.#combinations(sets);
    const most = Math.max(1, ...combinations.map((item) => item.count));
    sets.forEach((place, index) => {
      const y = 190 + index * 26;
      painter.text(clipped(painter, title(this.app, place), 12, 270), 285, y, { size: 12, colour: theme.ink, align: "right" });
      painter.text(String(counts.margins[place]), 318, y, { size: 12, colour: theme.quiet, align: "right" });
    });
    combinations.forEach((item, index) => {
      const x = 345 + index * 30;
      const tall = (item.count / most) * 130;
      painter.rect(x - 10, 170 - tall, 20, tall, theme.accent);
      painter.text(String(item.count), x, 162 - tall, { size: 11, colour: theme.ink, align: "center" });
      if (item.members.length > 1) painter.line(x, 190 + item.members[0]! * 26, x, 190 + item.members[item.members.length - 1]! * 26, theme.ink, 2);
      sets.forEach((_, bit) => painter.disc(x, 190 + bit * 26, 6, item.members.includes(bit) ? theme.ink : theme.line, theme.line));
    });
  };

  size(): readonly [number, number] {
    const sets = this.#sets();
    return [370 + this.#combinations(sets).length * 30, 200 + sets.length * 26];
  }

  table(): readonly (readonly (string | number | null)[])[] {
    const sets = this.#sets();
    return [["techniques", this.app.state.inclusive ? "units_with_at_least_these" : "units_with_exactly_these", "units"],
      ...this.#combinations(sets).map((item) => [item.members.map((bit) => this.app.model.techniques[sets[bit]!]!.id).join(" "), item.count, this.app.counts.units])];
  }
}
