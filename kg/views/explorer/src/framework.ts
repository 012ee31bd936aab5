// Tactic columns as analysts know them. Heat by units that hold the technique, or, with one chosen, by how strongly the
// others go with it.

import { type App, type Part, pairValue, unitWord } from "./app";
import { coloured, css, inkOn, type Rgb } from "./colours";
import { h } from "./dom";
import { clipped, type Painter } from "./painter";
import { MEASURES, scaled } from "./stats";

interface Cell {
  readonly place: number;
  readonly value: number;
  readonly colour: Rgb | null;
  readonly words: string;
}

export class FrameworkView implements Part {
  readonly #host: HTMLElement;
  readonly #used: HTMLInputElement;

  constructor(readonly app: App, host: HTMLElement) {
    this.#used = h("input", { type: "checkbox", id: "used-only", checked: true, change: () => this.update() });
    this.#host = h("div", { class: "framework", role: "group", "aria-label": "Techniques under their tactics" });
    host.append(
      h("p", { class: "under" }, h("label", { for: "used-only" }, this.#used, " only techniques that occur"), h("span", { id: "framework-said" })),
      this.#host,
    );
    this.#host.addEventListener("keydown", (event) => this.#key(event));
    this.update();
  }

  #chosen(): number {
    const { state, model, counts } = this.app;
    const place = state.chosen.length === 1 ? model.techniqueOf.get(state.chosen[0]!) ?? -1 : -1;
    return place >= 0 && counts.margins[place]! > 0 ? place : -1;
  }

  /** Columns in the order of the kill chain; techniques of no tactic last. */
  #columns(): { name: string; id: string; cells: Cell[] }[] {
    const { model, counts, state, theme, tested } = this.app;
    const chosen = this.#chosen();
    const most = Math.max(1, ...counts.shown.map((place) => counts.margins[place]!));
    const columns = [...model.tactics, { id: "", name: "Without a tactic" }].map((tactic) => ({ id: tactic.id, name: tactic.name, cells: [] as Cell[] }));
    const add = (place: number): void => {
      const technique = model.techniques[place]!;
      const margin = counts.margins[place]!;
      const both = chosen < 0 ? 0 : counts.both[chosen * counts.size + place]!;
      const value = chosen < 0 ? margin : both;
      const measure = state.measure;
      let colour: Rgb | null = null;
      let words = `${margin} ${unitWord(this.app, margin)}`;
      if (chosen < 0 && margin) colour = coloured(scaled("count", margin, most), false, theme.dark);
      if (chosen >= 0 && both && place !== chosen) {
        const found = pairValue(this.app, measure, chosen, place);
        colour = coloured(Number.isNaN(found) ? 0.5 : scaled(measure, found, most), MEASURES[measure].diverging, theme.dark);
        const q = tested.q(chosen, place);
        if (both < state.least || q > state.q) colour = null;
        words = `${both} of ${margin} together with ${state.chosen[0]!}${q <= 0.05 ? ", more than chance at 5 %" : ""}`;
      }
      columns[technique.tactic < 0 ? columns.length - 1 : technique.tactic]!.cells.push({ place, value, colour, words });
    };
    const only = this.#used.checked;
    for (const technique of model.techniques) {
      if (technique.parent >= 0) continue;
      const below = model.children[technique.place]!.filter((child) => !only || counts.margins[child]! > 0);
      if (only && !counts.margins[technique.place] && !below.length) continue;
      add(technique.place);
      below.forEach(add);
    }
    return columns.filter((column) => column.cells.length);
  }

  update(): void {
    const { model, state } = this.app;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["id"] : undefined;
    const chosen = new Set(state.chosen);
    this.#host.replaceChildren(...this.#columns().map((column) => h("section", { class: "column", "aria-label": column.name },
      h("h2", {}, h("span", { class: "id" }, column.id), " ", column.name),
      h("ul", {}, column.cells.map((cell) => {
        const technique = model.techniques[cell.place]!;
        const button = h("button", {
          type: "button", class: technique.parent >= 0 ? "cell sub" : "cell", "data-id": technique.id,
          "aria-pressed": chosen.has(technique.id) ? "true" : "false", "aria-label": `${technique.id} ${technique.name}: ${cell.words}`,
          click: (event: MouseEvent) => this.app.choose(this.#next(technique.id, event)),
        }, h("span", { class: "id" }, technique.id), " ", h("span", { class: "name" }, technique.name), h("span", { class: "number" }, cell.value || ""));
        if (cell.colour) {
          button.style.setProperty("background", css(cell.colour));
          button.style.setProperty("color", css(inkOn(cell.colour)));
        }
        return h("li", {}, button);
      })))));
    const said = document.getElementById("framework-said");
    if (said) {
      said.textContent = this.#chosen() >= 0
        ? ` Heat: ${MEASURES[state.measure].name} with ${state.chosen[0]!}; the number counts ${unitWord(this.app)} with both. Shift-click another for the pair.`
        : ` Heat and number: ${unitWord(this.app)} that hold the technique. Choose one to see what goes with it.`;
    }
    if (focused) this.#host.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  #next(id: string, event: MouseEvent): string[] {
    const { chosen } = this.app.state;
    if (event.shiftKey || event.ctrlKey || event.metaKey) return chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
    return chosen.length === 1 && chosen[0] === id ? [] : [id];
  }

  #key(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const columns = [...this.#host.querySelectorAll("section")].map((section) => [...section.querySelectorAll("button")]);
    const column = columns.findIndex((buttons) => buttons.includes(event.target as HTMLButtonElement));
    const row = columns[column]!.indexOf(event.target);
    const aim = { ArrowDown: [column, row + 1], ArrowUp: [column, row - 1], ArrowRight: [column + 1, row], ArrowLeft: [column - 1, row] }[event.key];
    if (!aim) return;
    const there = columns[aim[0]!];
    const button = there?.[Math.max(0, Math.min(there.length - 1, aim[1]!))];
    if (button) button.focus();
    event.preventDefault();
  }

  paint = (painter: Painter, width: number, height: number): void => {
    const { model, theme } = this.app;
    painter.rect(0, 0, width, height, theme.paper);
    this.#columns().forEach((column, index) => {
      const x = 8 + index * 158;
      painter.text(clipped(painter, `${column.id} ${column.name}`, 11, 150), x, 14, { size: 11, colour: theme.ink, bold: true });
      column.cells.forEach((cell, row) => {
        const technique = model.techniques[cell.place]!;
        const indent = technique.parent >= 0 ? 10 : 0;
        const y = 26 + row * 18;
        if (cell.colour) painter.rect(x + indent, y, 150 - indent, 17, cell.colour);
        painter.frame(x + indent, y, 150 - indent, 17, theme.line);
        const ink = cell.colour ? inkOn(cell.colour) : theme.ink;
        painter.text(clipped(painter, `${technique.id} ${technique.name}`, 9, 122 - indent), x + indent + 3, y + 9, { size: 9, colour: ink });
        if (cell.value) painter.text(String(cell.value), x + 146, y + 9, { size: 9, colour: ink, align: "right" });
      });
    });
  };

  size(): readonly [number, number] {
    const columns = this.#columns();
    return [16 + columns.length * 158, 36 + 18 * Math.max(1, ...columns.map((column) => column.cells.length))];
  }

  table(): readonly (readonly (string | number | null)[])[] {
    const { model } = this.app;
    const rows: (string | number | null)[][] = [["tactic", "technique", "name", "count", "units"]];
    for (const column of this.#columns()) {
      for (const cell of column.cells) rows.push([column.id, model.techniques[cell.place]!.id, model.techniques[cell.place]!.name, cell.value, this.app.counts.units]);
    }
    return rows;
  }
}
