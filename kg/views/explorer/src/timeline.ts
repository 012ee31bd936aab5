// Incidents by year, a lane for each basis, and what changed between two periods.

import { type App, type Part } from "./app";
import { folding, usesUnder } from "./counts";
import { css, GROUPS } from "./colours";
import { h, plural, s } from "./dom";
import { technique } from "./evidence";
import type { Incident } from "./model";
import type { Painter } from "./painter";
import { difference } from "./stats";

const LANES = ["year of the act, stated", "year of the act, read in the text", "first reported (not later than)", "unknown year"] as const;

interface Bar { readonly year: number; readonly lane: number; readonly incidents: number[] }

function lane(incident: Incident): [number, number] {
  if (incident.stated !== null) return [0, incident.stated];
  if (incident.read !== null) return [1, incident.read];
  return incident.published ? [2, Number(incident.published.slice(0, 4))] : [3, 0];
}

/** A period as people write it: "2019" or "2016-2019". */
export function period(text: string): [number, number] | null {
  const found = /^\s*(\d{4})\s*(?:[-\u2013]\s*(\d{4}))?\s*$/.exec(text);
  if (!found) return null;
  const [from, to] = [Number(found[1]), Number(found[2] ?? found[1])];
  return from <= to ? [from, to] : null;
}

export class TimelineView implements Part {
  readonly #picture: HTMLElement;
  readonly #compared: HTMLElement;
  readonly #a: HTMLInputElement;
  readonly #b: HTMLInputElement;

  constructor(readonly app: App, host: HTMLElement) {
    const asked = (): void => this.app.set({ periodA: this.#a.value.trim(), periodB: this.#b.value.trim() });
    this.#a = h("input", { type: "text", id: "period-a", size: 10, placeholder: "2018", change: asked });
    this.#b = h("input", { type: "text", id: "period-b", size: 10, placeholder: "2020-2024", change: asked });
    this.#picture = h("div", { class: "timeline" });
    this.#compared = h("div", { class: "card" });
    host.append(h("p", { class: "under" }, "Choose a bar to count only its year. A publication bounds the year of the act from above; it is never taken for it."), this.#picture,
      h("form", { class: "bar", submit: (event: SubmitEvent) => { event.preventDefault(); asked(); } }, h("h2", {}, "What changed between"), h("label", { for: "period-a" }, "first period ", this.#a), h("label", { for: "period-b" }, "second period ", this.#b), h("button", { type: "submit" }, "Compare")),
      this.#compared);
    this.update();
  }

  #bars(): { bars: Bar[]; years: number[]; most: number } {
    const all = new Map<string, Bar>();
    for (const place of this.app.counts.incidents) {
      const [row, year] = lane(this.app.model.incidents[place]!);
      const key = `${row} ${year}`;
      const bar = all.get(key) ?? { year, lane: row, incidents: [] };
      bar.incidents.push(place);
      all.set(key, bar);
    }
    const bars = [...all.values()].sort((x, y) => x.lane - y.lane || x.year - y.year);
    const dated = bars.filter((bar) => bar.lane < 3).map((bar) => bar.year);
    const first = Math.min(...dated);
    const years = dated.length ? Array.from({ length: Math.min(200, Math.max(...dated) - first + 1) }, (_, index) => first + index) : [];
    return { bars, years, most: Math.max(1, ...bars.map((bar) => bar.incidents.length)) };
  }

  update(): void {
    const { app } = this;
    const { state, theme } = app;
    [this.#a.value, this.#b.value] = [state.periodA, state.periodB];
    const { bars, years, most } = this.#bars();
    const room = Math.max(300, this.#picture.clientWidth - 40);
    const [left, step, lane_, top] = [12, Math.max(18, Math.min(60, room / Math.max(1, years.length + 0.2))), 92, 24];
    const width = Math.max(room, left + years.length * step + 8);
    const svg = s("svg", { width, height: top + LANES.length * lane_ + 20, viewBox: `0 0 ${width} ${top + LANES.length * lane_ + 20}`, role: "group", "aria-label": "Incidents by year" });
    LANES.forEach((name, row) => {
      const base = top + (row + 1) * lane_ - 24;
      svg.append(s("text", { x: left, y: base - lane_ + 34, fill: css(theme.quiet), "font-size": 12 }, `${name}: ${plural(bars.reduce((sum, bar) => sum + (bar.lane === row ? bar.incidents.length : 0), 0), "incident")}`), s("line", { x1: left, x2: width - 10, y1: base, y2: base, stroke: css(theme.line) }));
      if (row < 3) years.forEach((year, index) => { if (step > 32 || index % 2 === 0) svg.append(s("text", { x: left + (index + 0.5) * step, y: base + 14, "text-anchor": "middle", fill: css(theme.quiet), "font-size": 11 }, String(year))); });
    });
    for (const bar of bars) {
      const base = top + (bar.lane + 1) * lane_ - 24;
      const x = bar.lane === 3 ? left : left + (bar.year - years[0]!) * step;
      const height = Math.max(3, (bar.incidents.length / most) * (lane_ - 44));
      const words = bar.lane === 3 ? `${plural(bar.incidents.length, "incident")} of unknown year` : `${bar.year}, ${LANES[bar.lane]!}: ${plural(bar.incidents.length, "incident")}`;
      const ask = (): void => { if (bar.lane < 3) app.set({ from: bar.year, to: bar.year, basis: bar.lane === 2 ? "published" : "act" }); };
      svg.append(s("g", { tabindex: 0, role: "button", "aria-label": words, class: "barmark", click: ask, keydown: (event: KeyboardEvent) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); ask(); } } },
        s("rect", { x: x + 2, y: base - height, width: step - 4, height, fill: css(bar.lane === 3 ? theme.quiet : GROUPS[[4, 1, 0][bar.lane]!]!) }),
        s("text", { x: x + step / 2, y: base - height - 4, "text-anchor": "middle", fill: css(theme.ink), "font-size": 11 }, String(bar.incidents.length))));
    }
    this.#picture.replaceChildren(svg);
    this.#compared.replaceChildren(...this.#compare());
  }

  /** For each technique its share in both periods and the difference, widest first. */
  differences(): { rows: [number, number, number, [number, number, number]][]; nA: number; nB: number } | null {
    const { app } = this;
    const [a, b] = [period(app.state.periodA), period(app.state.periodB)];
    if (!a || !b) return null;
    const stands = folding(app.model, app.state);
    const held: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
    const n: [number, number] = [0, 0];
    for (const place of app.counts.incidents) {
      const incident = app.model.incidents[place]!;
      const [row, year] = lane(incident);
      if (row === 3 || (row === 2 && app.state.basis === "act")) continue;
      const uses = new Set(usesUnder(app.model, app.state)[place]!.map((use) => stands[use]!));
      if (!uses.size) continue;
      [a, b].forEach(([from, to], side) => {
        if (year < from || year > to) return;
        n[side]!++;
        for (const use of uses) held[side]!.set(use, (held[side]!.get(use) ?? 0) + 1);
      });
    }
    const rows = [...new Set([...held[0].keys(), ...held[1].keys()])].map((use) => {
      const [countA, countB] = [held[0].get(use) ?? 0, held[1].get(use) ?? 0];
      return [use, countA, countB, difference(countA, n[0], countB, n[1])] as [number, number, number, [number, number, number]];
    });
    rows.sort((x, y) => Math.abs(y[3][0]) - Math.abs(x[3][0]) || x[0] - y[0]);
    return { rows, nA: n[0], nB: n[1] };
  }

  #compare(): HTMLElement[] {
    const { state } = this.app;
    if (!state.periodA && !state.periodB) return [];
    const found = this.differences();
    if (!found) return [h("p", { class: "warn" }, `A period is a year or two years, such as 2018 or 2016-2019; not "${period(state.periodA) ? state.periodB : state.periodA}".`)];
    const { rows, nA, nB } = found;
    const basis = state.basis === "act" ? "year of the act" : "year of the act, else of the first article";
    const head = h("p", {}, `${state.periodA}: N ${nA}; ${state.periodB}: N ${nB} incidents with techniques (basis: ${basis}). Difference in share with its 95 % interval (Newcombe).`,
      nA && nB ? "" : " One period holds no incident; ", state.basis === "act" ? h("button", { type: "button", click: () => this.app.set({ basis: "published" }) }, "Also use first reported") : null);
    if (!rows.length) return [head];
    const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
    return [head, h("table", {}, h("thead", {}, h("tr", {}, ["technique", state.periodA, state.periodB, "difference", "95 % interval", ""].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, rows.slice(0, 40).map(([use, countA, countB, [gap, low, high]]) => h("tr", {}, h("td", {}, technique(this.app, this.app.model.techniques[use]!.id)), h("td", { class: "number" }, `${countA} (${percent(nA ? countA / nA : 0)})`), h("td", { class: "number" }, `${countB} (${percent(nB ? countB / nB : 0)})`),
        h("td", { class: "number" }, `${gap > 0 ? "+" : ""}${percent(gap)}`), h("td", { class: "number" }, `${percent(low)} to ${percent(high)}`), h("td", {}, low > 0 ? "more" : high < 0 ? "less" : "not told from none")))))];
  }

  paint = (painter: Painter, width: number, height: number): void => {
    const { theme } = this.app;
    painter.rect(0, 0, width, height, theme.paper);
    const { bars, years, most } = this.#bars();
    const step = Math.max(24, (width - 40) / Math.max(1, years.length + 1));
    LANES.forEach((name, row) => {
      const base = 24 + (row + 1) * 92 - 24;
      painter.text(name, 12, base - 60, { size: 12, colour: theme.quiet });
      painter.line(12, base, width - 10, base, theme.line);
      if (row < 3) years.forEach((year, index) => painter.text(String(year), 12 + (index + 0.5) * step, base + 9, { size: 10, colour: theme.quiet, align: "center" }));
    });
    for (const bar of bars) {
      const base = 24 + (bar.lane + 1) * 92 - 24;
      const x = bar.lane === 3 ? 12 : 12 + (bar.year - years[0]!) * step;
      const tall = Math.max(3, (bar.incidents.length / most) * 48);
      painter.rect(x + 2, base - tall, step - 4, tall, bar.lane === 3 ? theme.quiet : GROUPS[[4, 1, 0][bar.lane]!]!);
      painter.text(String(bar.incidents.length), x + step / 2, base - tall - 8, { size: 11, colour: theme.ink, align: "center" });
    }
  };

  size(): readonly [number, number] {
    return [1100, 420];
  }

  table(): readonly (readonly (string | number | null)[])[] {
    const compared = this.differences();
    if (compared) {
      const { state, model } = this.app;
      return [["technique", "name", `count_${state.periodA}`, `n_${state.periodA}`, `count_${state.periodB}`, `n_${state.periodB}`, "difference", "low", "high"],
        ...compared.rows.map(([use, a, b, [gap, low, high]]) => [model.techniques[use]!.id, model.techniques[use]!.name, a, compared.nA, b, compared.nB, Number(gap.toFixed(6)), Number(low.toFixed(6)), Number(high.toFixed(6))])];
    }
    return [["year", "basis", "incidents"], ...this.#bars().bars.map((bar) => [bar.lane === 3 ? null : bar.year, LANES[bar.lane]!, bar.incidents.length])];
  }
}
