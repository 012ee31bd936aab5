// The panel at the right: the evidence of what is chosen; with nothing chosen, the strongest pairs.

import { type App, measureName, type Pair, strongest, title } from "./app";
import { h, plural, shown } from "./dom";
import { evidence } from "./evidence";
import { pairsQuery } from "./sparql";

const FIRST = 25;

export class Panel {
  #more = FIRST;

  constructor(readonly app: App, readonly host: HTMLElement) {
    this.update();
  }

  update(): void {
    const chosen = evidence(this.app);
    this.host.replaceChildren(...(chosen.length ? [this.#close(), ...chosen] : this.#pairs()));
    this.host.scrollTop = 0;
  }

  #close(): HTMLElement {
    return h("p", { class: "close" }, h("button", { type: "button", click: () => this.app.choose([]) }, "Clear choice"));
  }

  #pairs(): HTMLElement[] {
    const { app } = this;
    const pairs = strongest(app);
    const { model } = app;
    const signal = pairs.filter((pair) => pair.q <= 0.05);
    const rest = pairs.filter((pair) => pair.q > 0.05);
    const one = (pair: Pair): HTMLElement => h("li", {}, h("button", { type: "button", class: "plain pair", "aria-label": `Why ${title(app, pair.a)} and ${title(app, pair.b)}? ${plural(pair.both, app.state.unit)} together`, click: () => app.choose([model.techniques[pair.a]!.id, model.techniques[pair.b]!.id]) },
      h("span", {}, h("span", { class: "id" }, model.techniques[pair.a]!.id), ` ${model.techniques[pair.a]!.name}`), h("span", {}, h("span", { class: "id" }, model.techniques[pair.b]!.id), ` ${model.techniques[pair.b]!.name}`),
      h("span", { class: "hint" }, `${pair.both} together \u00b7 ${app.state.measure === "count" ? "" : `${measureName(app)} ${shown(pair.value)} \u00b7 `}q ${shown(pair.q)}`)));
    const some = [...signal, ...rest].slice(0, this.#more);
    const more = pairs.length > this.#more ? h("button", { type: "button", click: () => { this.#more += FIRST; this.update(); } }, `Next ${Math.min(FIRST, pairs.length - this.#more)}`) : null;
    return [
      h("h2", {}, "Pairs"),
      h("p", { class: "hint" }, `The strongest by ${measureName(app)} first. Choose one to read why it is there.`),
      h("h3", {}, `More than chance at 5 %: ${signal.length}`),
      h("ul", { class: "pairs" }, some.filter((pair) => pair.q <= 0.05).map(one)),
      h("h3", {}, `Not told from chance: ${rest.length}`),
      h("ul", { class: "pairs" }, some.filter((pair) => pair.q > 0.05).map(one)),
      h("p", {}, `Showing ${Math.min(this.#more, pairs.length)} of ${plural(pairs.length, "pair")}. `, more),
    ];
  }
}

/** The dialog with the query of what is seen. */
export function queryDialog(app: App): void {
  const text = pairsQuery(app);
  const area = h("textarea", { readonly: true, rows: 18, cols: 80, "aria-label": "SPARQL query", spellcheck: "false" });
  area.value = text;
  const served = /^https?:$/.test(location.protocol);
  const dialog = h("dialog", { "aria-label": "SPARQL query of the pairs" },
    h("h2", {}, "The pairs as a SPARQL query"), h("p", { class: "hint" }, "It gives the same joint counts on any SPARQL 1.1 store that holds the graph."), area,
    h("p", { class: "bar" }, h("button", { type: "button", click: () => { area.select(); void navigator.clipboard?.writeText(text); app.say("The query is copied"); } }, "Copy"),
      served ? h("a", { href: `sparql?query=${encodeURIComponent(text)}`, target: "_blank", rel: "noopener" }, "Run it here") : null,
      h("button", { type: "button", click: () => dialog.close() }, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
