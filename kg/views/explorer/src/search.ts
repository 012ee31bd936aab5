// Find a technique, an incident or a thing by id, name, alias or title: a combobox after the ARIA pattern.

import type { App } from "./app";
import { h } from "./dom";
import type { Model } from "./model";
import type { Hit } from "./served";

const MOST = 12;
/** Milliseconds without a key before the server is asked. */
const PAUSE = 150;

interface Entry { readonly key: string; readonly id: string; readonly name: string; readonly kind: string; readonly words: string; readonly retired?: boolean }

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function entries(model: Model): Entry[] {
  const found: Entry[] = [];
  const add = (key: string, id: string, name: string, kind: string, more: readonly string[] = [], retired = false): void => {
    found.push({ key, id, name, kind, retired, words: plain([id, name, ...more].join(" ")) });
  };
  for (const item of model.techniques) add(item.id, item.id, item.name, "technique", [], item.retired);
  for (const item of model.things) add(item.key, "", item.name, item.kind, [item.id, ...item.aliases]);
  // Where only counts are held, incidents have no name of their own.
  if (!model.counted) for (const item of model.incidents) add(item.id, item.id, item.title === item.id ? "" : item.title, "incident");
  return found;
}

export class Search {
  readonly #entries: Entry[];
  readonly #input: HTMLInputElement;
  readonly #list: HTMLUListElement;
  readonly #said: HTMLElement;
  #hits: Entry[] = [];
  #at = -1;
  #later = 0;

  constructor(readonly app: App, host: HTMLElement) {
    this.#entries = entries(app.model);
    this.#input = h("input", {
      id: "find", type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-controls": "hits", "aria-expanded": "false",
      "aria-autocomplete": "list", placeholder: "T0146, deepfake, Spamouflage \u2026", "aria-label": "Find by id, name, alias or title",
      input: () => this.#find(), keydown: (event: KeyboardEvent) => this.#key(event), blur: () => window.setTimeout(() => this.#close(), 150), focus: () => this.#find(),
    });
    this.#list = h("ul", { id: "hits", role: "listbox", "aria-label": "Hits", hidden: true });
    this.#said = h("span", { class: "unseen", role: "status" });
    host.append(this.#input, this.#list, this.#said);
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #find(): void {
    const asked = plain(this.#input.value);
    window.clearTimeout(this.#later);
    if (!asked) return this.#close();
    this.#show(asked, []);
    const { served } = this.app;
    if (served) this.#later = window.setTimeout(() => void served.search(asked).then((hits) => { if (plain(this.#input.value) === asked) this.#show(asked, hits); }), PAUSE);
  }

  /** The hits of the page, and behind them those of the server. */
  #show(asked: string, further: readonly Hit[]): void {
    const words = asked.split(" ");
    const ranked = this.#entries.filter((entry) => words.every((word) => entry.words.includes(word))).map((entry) => {
      const [id, name] = [plain(entry.id), plain(entry.name)];
      const rank = id === asked || name === asked ? 0 : id.startsWith(asked) || name.startsWith(asked) ? 1 : ` ${name}`.includes(` ${asked}`) ? 2 : 3;
      return { entry, rank };
    });
    // What is retired comes last, unless it is asked for by its id or name.
    ranked.sort((a, b) => a.rank - b.rank + (a.rank && a.entry.retired ? 4 : 0) - (b.rank && b.entry.retired ? 4 : 0));
    const own = new Set(ranked.map(({ entry }) => entry.key));
    for (const hit of further) if (!own.has(hit.key)) ranked.push({ entry: { ...hit, words: "" }, rank: 4 });
    this.#hits = ranked.slice(0, MOST).map((item) => item.entry);
    this.#at = this.#hits.length ? 0 : -1;
    this.#said.textContent = `${ranked.length} found`;
    this.#list.replaceChildren(...this.#hits.map((entry, index) => h("li", {
      id: `hit-${index}`, role: "option", "aria-selected": index === this.#at ? "true" : "false", mousedown: (event: Event) => { event.preventDefault(); this.#choose(index); },
    }, h("span", { class: "id" }, entry.id), " ", entry.name, h("span", { class: "kind" }, ` ${entry.retired ? "retired " : ""}${entry.kind}`))),
    ranked.length > MOST ? h("li", { class: "hint", role: "presentation" }, `${ranked.length - MOST} more; type more of the name`) : h("li", { class: "hint", role: "presentation" }, ranked.length ? "" : "Nothing is called so."));
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#mark();
  }

  #mark(): void {
    [...this.#list.children].forEach((item, index) => { if (item.getAttribute("role") === "option") item.setAttribute("aria-selected", index === this.#at ? "true" : "false"); });
    if (this.#at >= 0) this.#input.setAttribute("aria-activedescendant", `hit-${this.#at}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #close(): void {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  #choose(index: number): void {
    const entry = this.#hits[index];
    if (!entry) return;
    this.#input.value = "";
    this.#close();
    if (entry.kind === "technique") {
      const { view } = this.app.state;
      this.app.set({ chosen: [entry.key], focus: entry.key, ...(view === "matrix" || view === "framework" || view === "network" ? { opened: [], pathTo: "" } : { view: "page" }) });
      this.app.say(`${entry.id} ${entry.name} is chosen`);
    } else this.app.open(entry.key);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Escape") { this.#input.value = ""; this.#close(); return; }
    if (this.#list.hidden || !this.#hits.length) return;
    if (event.key === "ArrowDown") this.#at = (this.#at + 1) % this.#hits.length;
    else if (event.key === "ArrowUp") this.#at = (this.#at + this.#hits.length - 1) % this.#hits.length;
    else if (event.key === "Enter") this.#choose(this.#at);
    else return;
    event.preventDefault();
    this.#mark();
  }
}
