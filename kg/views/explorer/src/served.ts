// What a page of counts alone does not hold, it asks of the server it came from: search, cards, the evidence of a pair,
// the neighbours of an incident. A page from a file has no server, holds all it shows, and never asks.

import type { App } from "./app";
import { h, link, plural } from "./dom";
import type { Kind } from "./model";

const MOST_KEPT = 300;
const MOST_ROWS = 200;
const PATIENCE = 15_000;

/** One question: on its way, answered, or why it was not. */
export interface Asked { readonly value?: Readonly<Record<string, unknown>>; readonly failed?: string }

export interface Hit { readonly key: string; readonly id: string; readonly name: string; readonly kind: string }

export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The records of a list; what is no record is left out: an answer is somebody else's text. */
export function records(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null) : [];
}

export class Served {
  readonly #kept = new Map<string, Asked>();

  /** Names of what answers told of, by key. */
  readonly names = new Map<string, string>();

  constructor(readonly base: string, readonly arrived: () => void) {}

  /** What is known of an address now; where nothing is, it is asked for, and `arrived` is called when that has ended. */
  ask(...path: readonly string[]): Asked {
    const address = this.base + path.map(encodeURIComponent).join("/");
    const known = this.#kept.get(address);
    if (known) return known;
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(address, {});
    void this.#answer(address).then((asked) => {
      this.#kept.set(address, asked);
      this.arrived();
      // What failed may be asked again by the next look at it.
      if (asked.failed) this.#kept.delete(address);
    });
    return {};
  }

  async search(words: string): Promise<Hit[]> {
    const { value } = await this.#answer(`${this.base}search?q=${encodeURIComponent(words)}`);
    return records(value?.["results"]).map((item) => {
      const [id, kind, name] = [text(item["id"]), text(item["kind"]), text(item["label"])];
      const key = keyOf(kind, id);
      this.names.set(key, name);
      return { key, id: key === id ? id : "", name, kind };
    }).filter((hit) => SHOWN.has(hit.kind));
  }

  async #answer(address: string): Promise<Asked> {
    try {
      const reply = await fetch(address, { headers: { Accept: "application/json" }, credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
      const value: unknown = await reply.json();
      if (typeof value !== "object" || value === null) return { failed: "the answer is no record" };
      const told = value as Record<string, unknown>;
      return reply.ok ? { value: told } : { failed: text(told["detail"]) || `status ${reply.status}` };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  }
}

const SHOWN: ReadonlySet<string> = new Set(["technique", "incident", "actor", "platform", "country"]);

function keyOf(kind: string, id: string): string {
  return kind === "technique" || kind === "incident" ? id : `${kind}:${id}`;
}

/** Kind and id behind a key that the page itself does not hold. */
export function partsOf(app: App, key: string): [Kind, string] {
  const at = key.indexOf(":");
  if (at > 0 && SHOWN.has(key.slice(0, at))) return [key.slice(0, at) as Kind, key.slice(at + 1)];
  return [app.model.techniqueOf.has(key) ? "technique" : "incident", key];
}

function opener(app: App, key: string, name: string): HTMLElement {
  if (name) app.served?.names.set(key, name);
  return h("button", { type: "button", class: "plain", click: () => app.open(key) }, h("span", { class: "id" }, key), name ? ` ${name}` : "");
}

/** What stands in place of an answer that has not come. */
function waiting(asked: Asked): HTMLElement {
  return asked.failed ? h("p", { class: "warn", role: "alert" }, `The server did not answer: ${asked.failed}`) : h("p", { class: "hint" }, "Asking the server \u2026");
}

/** A table of records; ids in columns of things lead to their pages. */
function table(app: App, rows: readonly Readonly<Record<string, unknown>>[]): HTMLElement {
  const columns = [...new Set(rows.slice(0, MOST_ROWS).flatMap((row) => Object.keys(row)))];
  const cell = (name: string, value: string): Node | string => (SHOWN.has(name) && /^[IT]\d[\w.]*$/.test(value) ? opener(app, value, "") : /^https?:/.test(value) ? link(value, value) : value);
  return h("div", {}, h("table", {}, h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.slice(0, MOST_ROWS).map((row) => h("tr", {}, columns.map((name) => h("td", {}, cell(name, text(row[name])))))))),
  rows.length > MOST_ROWS ? h("p", { class: "hint" }, `showing ${MOST_ROWS} of ${rows.length.toLocaleString("en")}`) : null);
}

/** The page of a thing that only the server holds. */
export function servedCard(app: App, served: Served, key: string): HTMLElement[] {
  const [kind, id] = partsOf(app, key);
  const asked = served.ask(kind, id);
  const { value } = asked;
  const title = text(value?.["title"]);
  const head = h("h2", { tabindex: -1, id: "card-title" }, kind === "incident" ? `${id} ${title}` : title || id);
  if (!value) return [head, waiting(asked)];
  served.names.set(key, title);
  const pairs = (name: string): [string, unknown][] => Object.entries((value[name] ?? {}) as Record<string, unknown>);
  return [
    head, h("dl", {}, [["kind", kind], ...pairs("fields")].flatMap(([name, told]) => [h("dt", {}, name as string), h("dd", {}, text(told))])),
    ...pairs("texts").map(([name, told]) => h("section", {}, h("h3", {}, name), h("blockquote", {}, text(told)))),
    ...records(value["sections"]).map((section) => h("section", {}, h("h3", {}, text(section["title"])), table(app, records(section["rows"])))),
  ];
}

/** The incidents behind one technique or a pair, as the server tells them. */
export function servedEvidence(app: App, served: Served, chosen: readonly string[]): HTMLElement[] {
  if (chosen.length > 2) return [h("p", { class: "hint" }, "Choose one technique or a pair to read the evidence.")];
  const asked = chosen.length === 2 ? served.ask("pair", chosen[0]!, chosen[1]!) : served.ask("neighbours", chosen[0]!);
  const { value } = asked;
  if (!value) return [waiting(asked)];
  const rows = chosen.length === 2 ? records(value["incidents"]).map((item) => [text(item["id"]), text(item["title"])] as const)
    : records(value["nodes"]).filter((item) => item["kind"] === "incident").map((item) => [text(item["id"]), text(item["label"])] as const);
  const all = chosen.length === 2 ? Number(value["count"]) : Number((value["totals"] as Record<string, unknown> | undefined)?.["incident"] ?? rows.length);
  const some = rows.slice(0, MOST_ROWS);
  return [
    h("h3", {}, plural(all, "incident")),
    h("p", { class: "hint" }, `Of exactly ${chosen.length === 2 ? "these two" : "this technique"}, without sub-techniques and filters; from the server.`),
    h("ol", { class: "cases" }, some.map(([id, name]) => h("li", {}, opener(app, id, name)))),
    some.length < all ? h("p", {}, `Showing ${some.length} of ${all.toLocaleString("en")}.`) : null,
  ].filter((item) => item !== null);
}

/** The ends of an edge whose evidence only the server holds: their pages tell it. */
export function servedEdge(app: App, served: Served, keys: readonly string[]): HTMLElement[] {
  return [h("h2", {}, "Why this edge?"), ...keys.flatMap((key) => {
    const [head, ...rest] = app.model.techniqueOf.has(key) ? [h("p", {}, opener(app, key, ""))] : servedCard(app, served, key);
    head!.removeAttribute("id");
    return [head!, ...rest];
  })];
}
