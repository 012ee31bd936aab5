// What is counted and what is shown: the controls at the side. Every change tells N anew.

import type { App } from "./app";
import { LIKE, TESTED_FROM, yearOf } from "./counts";
import { h, plural } from "./dom";
import type { Thing } from "./model";
import { type Measure, MEASURES } from "./stats";
import type { EvidenceKind, Order, Unit } from "./state";

function choice<T extends string>(id: string, label: string, options: readonly (readonly [T, string, boolean?])[], chosen: T, change: (value: T) => void): HTMLElement {
  return h("p", { class: "control" }, h("label", { for: id }, label), h("select", { id, change: (event: Event) => change((event.target as HTMLSelectElement).value as T) },
    options.map(([value, name, disabled]) => h("option", { value, selected: value === chosen, disabled: disabled === true }, name))));
}

function tick(id: string, label: string, checked: boolean, change: (value: boolean) => void): HTMLElement {
  return h("p", { class: "control tick" }, h("label", { for: id }, h("input", { id, type: "checkbox", checked, change: (event: Event) => change((event.target as HTMLInputElement).checked) }), ` ${label}`));
}

const QS = [1, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001] as const;

export class Controls {
  #open = new Set(["counted", "shown"]);

  constructor(readonly app: App, readonly host: HTMLElement) {
    this.update();
  }

  update(): void {
    const { app } = this;
    const focused = document.activeElement?.id;
    this.host.replaceChildren(
      this.#said(),
      this.#group("counted", "What is counted", this.#counted()),
      this.#group("shown", "What is shown", this.#shown()),
      this.#group("years", `Years${app.state.from !== null || app.state.to !== null ? " \u2022" : ""}`, this.#years()),
      ...(["actor", "platform", "country"] as const).map((kind) => this.#things(kind)).filter((item) => item !== null),
      this.#group("tactics", `Tactics${app.state.tactics.length ? ` \u2022 ${app.state.tactics.length}` : ""}`, this.#tactics()),
    );
    if (focused && this.host.querySelector(`#${CSS.escape(focused)}`)) document.getElementById(focused)?.focus();
  }

  #said(): HTMLElement {
    const { counts, tested, state, model } = this.app;
    const filtered = state.things.length || state.from !== null || state.to !== null || state.tactics.length || state.release;
    return h("div", { class: "said", role: "status", id: "counts-said" },
      h("p", { class: "n" }, h("strong", {}, `N = ${counts.units.toLocaleString("en")}`), ` ${state.unit}s that hold a technique`),
      h("p", {}, `of ${plural(counts.incidents.length, "incident")}${filtered ? ` under the filters (${model.incidents.length.toLocaleString("en")} in all)` : ""}; ${plural(counts.shown.length, "technique")}.`),
      h("p", {}, `${tested.survivors.toLocaleString("en")} of ${plural(tested.testable, "testable pair")} survives a false discovery rate of 5 %.`.replace("survives", tested.survivors === 1 ? "survives" : "survive")),
      h("p", { class: "hint" }, `Testable: both in ${TESTED_FROM} or more ${state.unit}s.`),
      tested.unlike > LIKE ? h("p", { class: "warn" }, `${state.unit[0]!.toUpperCase()}${state.unit.slice(1)}s differ in size ${tested.unlike.toFixed(1)} times as much as chance would have it, which makes techniques look related; judge by kg cooccurrence --null curveball.`) : null,
      filtered ? h("p", {}, h("button", { type: "button", click: () => this.app.set({ things: [], from: null, to: null, tactics: [], release: "" }) }, "Clear filters")) : null);
  }

  #group(key: string, name: string, content: readonly (HTMLElement | null)[]): HTMLElement {
    return h("details", { open: this.#open.has(key), toggle: (event: Event) => { if ((event.target as HTMLDetailsElement).open) this.#open.add(key); else this.#open.delete(key); } }, h("summary", {}, name), ...content);
  }

  #counted(): (HTMLElement | null)[] {
    const { app } = this;
    const { state, model } = app;
    const observed = !model.counted && model.evidence.some((items) => items.some((item) => item.kind === "Observation"));
    const recovered = model.recovered.some((items) => items.length);
    const published = model.published.has(state.release);
    return [
      model.published.size ? choice("release", "Release", [["", `${model.releases.join(", ")} with all repairs`], ...[...model.published.keys()].map((release) => [release, `${release} as published`] as const)], state.release, (release) => app.set({ release, ...(release ? { unit: "incident" as Unit, recovered: false } : {}) })) : null,
      choice<Unit>("unit", "Unit", [["incident", "incident"], ["observation", "observation (one act told in one place)", !observed || published]], state.unit,
        (unit) => app.set({ unit, ...(unit === "observation" && state.evidence === "rows" ? { evidence: "repaired" as EvidenceKind } : {}) })),
      choice<EvidenceKind>("evidence", "Kind of evidence", [["repaired", published ? "as the release states it" : "as repaired"], ["rows", "table rows as published", state.unit === "observation" || model.counted || published], ["inline", "inline groups as published", model.counted || published], ["all", "all as published", model.counted || published]], published ? "repaired" : state.evidence, (evidence) => app.set({ evidence })),
      recovered && !published ? tick("recovered", "with pairs recovered from earlier releases", state.recovered, (value) => app.set({ recovered: value })) : null,
      tick("fold-all", "sub-techniques as their parent", state.folded === "all", (value) => app.set({ folded: value ? "all" : [] })),
      tick("family", "test pairs of one family too", state.family, (value) => app.set({ family: value })),
    ];
  }

  #shown(): (HTMLElement | null)[] {
    const { app } = this;
    const { state, counts } = app;
    let most = 1;
    for (const a of counts.shown) for (const b of counts.shown) if (a < b) most = Math.max(most, counts.both[a * counts.size + b]!);
    const slider = QS.findIndex((q) => q <= state.q);
    return [
      choice<Measure>("measure", "Colour by", Object.entries(MEASURES).map(([key, about]) => [key as Measure, about.name] as const), state.measure, (measure) => app.set({ measure })),
      h("p", { class: "hint" }, MEASURES[state.measure].told),
      choice<Order>("order", "Order", [["tactic", "tactic (kill chain)"], ["cluster", "cluster"], ["frequency", "frequency"], ["name", "name"]], state.order, (order) => app.set({ order })),
      h("p", { class: "control" }, h("label", { for: "least" }, `At least ${plural(state.least, state.unit)} together`), h("input", { id: "least", type: "range", min: 1, max: most, step: 1, value: state.least, input: (event: Event) => app.set({ least: Number((event.target as HTMLInputElement).value) }, true) })),
      h("p", { class: "control" }, h("label", { for: "q" }, state.q >= 1 ? "Any q (no test)" : `q at most ${state.q}`), h("input", { id: "q", type: "range", min: 0, max: QS.length - 1, step: 1, value: slider < 0 ? QS.length - 1 : slider, "aria-valuetext": state.q >= 1 ? "any" : String(state.q), input: (event: Event) => app.set({ q: QS[Number((event.target as HTMLInputElement).value)]! }, true) })),
      h("p", { class: "hint" }, "Fisher's exact test, two-sided, with Benjamini-Hochberg; weaker pairs fade."),
    ];
  }

  #years(): HTMLElement[] {
    const { app } = this;
    const { state, model } = app;
    const years = model.incidents.map((incident) => yearOf(incident, state.basis)).filter((year) => year !== null);
    const unknown = model.incidents.length - years.length;
    const year = (id: string, label: string, value: number | null, change: (year: number | null) => void): HTMLElement => h("p", { class: "control inline" }, h("label", { for: id }, label),
      h("input", { id, type: "number", min: 1900, max: 2100, value: value ?? "", placeholder: String(years.length ? (id === "from" ? Math.min(...years) : Math.max(...years)) : ""), change: (event: Event) => { const text = (event.target as HTMLInputElement).value; change(text ? Number(text) : null); } }));
    return [
      year("from", "From", state.from, (from) => app.set({ from })), year("to", "To", state.to, (to) => app.set({ to })),
      choice("basis", "Year is", [["act", "of the act"], ["published", "of the act, else of the first article"]] as const, state.basis, (basis) => app.set({ basis })),
      tick("undated", `keep the ${unknown} of unknown year`, state.undated, (undated) => app.set({ undated })),
    ];
  }

  #things(kind: Thing["kind"]): HTMLElement | null {
    const { app } = this;
    const allowed = new Set(app.counts.incidents);
    const things = app.model.things.filter((thing) => thing.kind === kind || (kind === "country" && thing.kind === "region"));
    if (!things.length) return null;
    const chosen = new Set(app.state.things);
    const ranked = things.map((thing) => ({ thing, number: thing.incidents.filter((incident) => allowed.has(incident)).length }))
      .filter((item) => item.number > 0 || chosen.has(item.thing.key)).sort((a, b) => Number(chosen.has(b.thing.key)) - Number(chosen.has(a.thing.key)) || b.number - a.number || a.thing.name.localeCompare(b.thing.name, "en"));
    const title = { actor: "Actors", platform: "Platforms", country: "Countries" }[kind as "actor" | "platform" | "country"];
    const number = things.filter((thing) => chosen.has(thing.key)).length;
    return this.#group(kind, `${title}${number ? ` \u2022 ${number}` : ""}`, [h("ul", { class: "ticks" }, ranked.slice(0, 40).map(({ thing, number: count }) => h("li", {}, this.#tickThing(thing, chosen.has(thing.key), count)))),
      ranked.length > 40 ? h("p", { class: "hint" }, `showing 40 of ${ranked.length}; find the others by search`) : null]);
  }

  #tickThing(thing: Thing, checked: boolean, number: number): HTMLElement {
    const id = `thing-${thing.key.replace(/[^A-Za-z0-9]/g, "-")}`;
    return h("label", { for: id }, h("input", { id, type: "checkbox", checked, change: (event: Event) => {
      const on = (event.target as HTMLInputElement).checked;
      const { things } = this.app.state;
      this.app.set({ things: on ? [...things, thing.key] : things.filter((key) => key !== thing.key) });
    } }), h("span", {}, ` ${thing.name}`), h("span", { class: "number" }, String(number)));
  }

  #tactics(): HTMLElement[] {
    const { app } = this;
    const chosen = new Set(app.state.tactics);
    return [h("ul", { class: "ticks" }, app.model.tactics.map((tactic) => {
      const id = `tactic-${tactic.id.replace(/[^A-Za-z0-9]/g, "-")}`;
      return h("li", {}, h("label", { for: id }, h("input", { id, type: "checkbox", checked: chosen.has(tactic.id), change: (event: Event) => {
        const on = (event.target as HTMLInputElement).checked;
        app.set({ tactics: on ? [...app.state.tactics, tactic.id] : app.state.tactics.filter((other) => other !== tactic.id) });
      } }), h("span", {}, ` ${tactic.id} ${tactic.name}`)));
    }))];
  }
}
