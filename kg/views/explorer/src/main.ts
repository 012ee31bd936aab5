// The page: reads the facts, holds the state, and tells every part of each change.

import type { App, Part } from "./app";
import { CardView } from "./card";
import { DARK, LIGHT, type Theme } from "./colours";
import { Controls } from "./controls";
import { type Counts, count, folding, type Tested, test } from "./counts";
import { byId, h } from "./dom";
import { csv, layer, saveCsv, saveLayer, savePng, saveSvg, saveTurtle, svg, turtle } from "./export";
import { FrameworkView } from "./framework";
import { MatrixView } from "./matrix";
import { type Model, readModel } from "./model";
import { NetworkView } from "./network";
import { Panel, queryDialog } from "./panel";
import { Search } from "./search";
import { Served } from "./served";
import { SetsView } from "./sets";
import { pairsQuery } from "./sparql";
import { parsed, START, type State, type View, written } from "./state";
import { TimelineView } from "./timeline";

const VIEWS: readonly (readonly [View, string, new (app: App, host: HTMLElement) => Part])[] = [
  ["matrix", "Matrix", MatrixView], ["framework", "Framework", FrameworkView], ["network", "Network", NetworkView],
  ["timeline", "Timeline", TimelineView], ["sets", "Sets", SetsView], ["page", "Pages", CardView],
];
/** What changes the counts; all else only changes how they are shown. */
const COUNTED: readonly (keyof State)[] = ["unit", "evidence", "recovered", "release", "folded", "tactics", "things", "from", "to", "basis", "undated"];

/**
 * A state that can be: a release that the page holds, and no chosen technique folded away. Who chooses a sub-technique
 * gets its parent unfolded; who folds the parent has then chosen the parent.
 */
function fitting(model: Model, asked: State, before: State | null): State {
  const published = model.published.has(asked.release);
  const state: State = published ? { ...asked, unit: "incident", recovered: false } : { ...asked, release: "" };
  const stands = folding(model, state);
  const standing = (id: string): string => {
    const place = model.techniqueOf.get(id);
    return place === undefined ? id : model.techniques[stands[place]!]!.id;
  };
  const above = new Set([...state.chosen, state.focus].filter((id) => standing(id) !== id).map(standing));
  if (!above.size) return state;
  if (before && JSON.stringify(before.folded) !== JSON.stringify(state.folded)) return { ...state, chosen: [...new Set(state.chosen.map(standing))], focus: standing(state.focus) };
  const folded = state.folded === "all" ? model.techniques.filter((technique) => model.children[technique.place]!.length).map((technique) => technique.id) : state.folded;
  return { ...state, folded: folded.filter((id) => !above.has(id)) };
}

class Explorer implements App {
  state: State;
  counts!: Counts;
  tested!: Tested;
  #past: State[] = [];
  #part: Part | null = null;
  #shownView: View | null = null;
  readonly #controls: Controls;
  readonly #panel: Panel;
  readonly #dark = window.matchMedia("(prefers-color-scheme: dark)");

  readonly served: Served | null;

  constructor(readonly model: Model) {
    this.served = model.counted && model.api ? new Served(model.api, () => { this.#panel.update(); this.#part?.update(); }) : null;
    this.state = fitting(model, parsed(location.hash), null);
    this.#recount(null);
    this.#themed();
    this.#frame();
    this.#controls = new Controls(this, byId("controls"));
    this.#panel = new Panel(this, byId("panel"));
    const search = new Search(this, byId("search"));
    this.#view();
    this.#dark.addEventListener("change", () => { this.#themed(); this.#part?.update(); });
    window.addEventListener("hashchange", () => { if (location.hash.replace(/^#/, "") !== written(this.state)) this.#become(parsed(location.hash), true); });
    window.addEventListener("keydown", (event) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) { event.preventDefault(); this.undo(); }
      if (event.key === "/" && !typing) { event.preventDefault(); search.focus(); }
    });
    // A notebook that shows the page in a frame keeps its address; another window is not listened to.
    if (window.parent !== window) {
      window.addEventListener("message", (event) => {
        const told = event.data as { kg?: unknown; address?: unknown } | null;
        if (event.source === window.parent && told?.kg === "address" && typeof told.address === "string") this.#become(parsed(told.address), true);
      });
    }
    window.addEventListener("beforeprint", () => this.#part?.update());
  }

  get theme(): Theme {
    return this.state.theme === "dark" || (this.state.theme === "auto" && this.#dark.matches) ? DARK : LIGHT;
  }

  get part(): Part | null {
    return this.#part;
  }

  set(change: Partial<State>, continued = false): void {
    this.#become({ ...this.state, ...change }, !continued || this.#lastKeys !== Object.keys(change).join());
    this.#lastKeys = continued ? Object.keys(change).join() : "";
  }

  #lastKeys = "";

  open(key: string): void {
    this.set({ view: "page", focus: key, ...(this.model.techniqueOf.has(key) ? { chosen: [key] } : {}) });
  }

  choose(ids: readonly string[]): void {
    this.set({ chosen: [...ids] });
  }

  say(text: string): void {
    byId("live").textContent = text;
  }

  undo(): void {
    const before = this.#past.pop();
    if (before) {
      this.#apply(before);
      this.say("Undone");
    }
  }

  #become(next: State, remembered: boolean): void {
    if (written(next) === written(this.state)) return;
    if (remembered) this.#past.push(this.state);
    if (this.#past.length > 200) this.#past.shift();
    this.#apply(next);
  }

  #apply(next: State): void {
    const before = this.state;
    this.state = fitting(this.model, next, before);
    this.#recount(before);
    if (before.theme !== next.theme) this.#themed();
    const hash = written(this.state);
    if (window.parent !== window) window.parent.postMessage({ kg: "address", address: hash }, "*");
    try {
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    } catch {
      // A page inside a sandboxed frame has no address of its own: everything else works there.
    }
    this.#controls.update();
    this.#panel.update();
    this.#view();
    this.#bar();
  }

  #recount(before: State | null): void {
    const differs = (keys: readonly (keyof State)[]): boolean => before === null || keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(this.state[key]));
    const again = differs(COUNTED);
    if (again) this.counts = count(this.model, this.state);
    if (again || differs(["family"])) this.tested = test(this.model, this.state, this.counts);
  }

  #themed(): void {
    document.documentElement.dataset["theme"] = this.theme.dark ? "dark" : "light";
  }

  #view(): void {
    const host = byId("view");
    if (this.#shownView !== this.state.view) {
      this.#part?.leave?.();
      host.replaceChildren();
      host.className = `view ${this.state.view}`;
      const [, , make] = VIEWS.find(([name]) => name === this.state.view)!;
      this.#shownView = this.state.view;
      this.#part = new make(this, host);
      for (const tab of document.querySelectorAll<HTMLElement>("#tabs button")) {
        if (tab.dataset["view"] === this.state.view) tab.setAttribute("aria-current", "page"); else tab.removeAttribute("aria-current");
      }
    } else this.#part?.update();
  }

  /** What does not change: tabs, and the buttons that take things away. */
  #frame(): void {
    byId("tabs").append(...VIEWS.map(([name, label]) => h("button", { type: "button", "data-view": name, click: () => this.set({ view: name }) }, label)));
    const part = (use: (part: Part) => void) => () => { if (this.#part) use(this.#part); };
    const drawn = (use: (part: Part) => void) => part((shown) => { if (shown.paint) use(shown); else this.say("This view is no picture; take the table."); });
    byId("tools").append(
      h("button", { type: "button", "aria-pressed": "true", "aria-controls": "controls", click: (event: Event) => this.#side(event, "controls") }, "Filters"),
      h("button", { type: "button", "aria-pressed": "true", "aria-controls": "panel", click: (event: Event) => this.#side(event, "panel") }, "Evidence"),
      h("button", { type: "button", id: "undo", title: "Ctrl+Z", click: () => this.undo() }, "Undo"),
      h("button", { type: "button", id: "share", click: () => this.#share() }, "Copy link"),
      h("button", { type: "button", id: "theme", click: () => this.set({ theme: this.theme.dark ? "light" : "dark" }) }, "Theme"),
      h("details", { class: "menu" }, h("summary", { id: "take" }, "Take away"), h("ul", {}, ([
        ["PNG picture", drawn((shown) => savePng(this, shown))], ["SVG picture", drawn((shown) => saveSvg(this, shown))], ["CSV table", part((shown) => saveCsv(this, shown))],
        ["Turtle of the selection", () => saveTurtle(this)], ["Navigator layer", () => saveLayer(this)], ["SPARQL query", () => queryDialog(this)], ["Print", () => window.print()],
      ] as [string, () => void][]).map(([name, run]) => h("li", {}, h("button", { type: "button", click: () => { byId("take").parentElement!.removeAttribute("open"); run(); } }, name))))),
    );
    this.#bar();
  }

  /** Show or hide one of the sides, so that the view has the room. */
  #side(event: Event, id: string): void {
    const hidden = !byId(id).hidden;
    byId(id).hidden = hidden;
    (event.currentTarget as HTMLElement).setAttribute("aria-pressed", String(!hidden));
    this.#part?.update();
  }

  #bar(): void {
    byId<HTMLButtonElement>("undo").disabled = !this.#past.length;
  }

  #share(): void {
    const url = location.href;
    navigator.clipboard?.writeText(url).then(() => this.say("The link is copied"), () => this.say("The address of the page is the link"));
  }
}

declare global {
  interface Window {
    kgExplorer?: unknown;
  }
}

const app = new Explorer(readModel(byId("data").textContent));
// For tests and for whoever wants to drive the page from a console.
window.kgExplorer = {
  state: () => app.state, set: (change: Partial<State>) => app.set(change), start: START, counts: () => app.counts, tested: () => app.tested, part: () => app.part,
  csv: () => (app.part ? csv(app.part) : ""), svg: () => (app.part?.paint ? svg(app, app.part) : ""), turtle: () => turtle(app), layer: () => layer(app), query: () => pairsQuery(app),
};
