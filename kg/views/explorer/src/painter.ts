// One way to draw for the screen and for SVG files.

import type { Rgb } from "./colours";
import { css } from "./colours";

export interface TextStyle {
  readonly size: number;
  readonly colour: Rgb;
  readonly bold?: boolean;
  readonly align?: "left" | "center" | "right";
  /** Degrees, clockwise. */
  readonly turn?: number;
  readonly halo?: Rgb;
}

export interface Painter {
  rect(x: number, y: number, width: number, height: number, colour: Rgb, alpha?: number): void;
  frame(x: number, y: number, width: number, height: number, colour: Rgb, line?: number): void;
  line(x1: number, y1: number, x2: number, y2: number, colour: Rgb, width?: number, alpha?: number): void;
  disc(x: number, y: number, radius: number, colour: Rgb, edge: Rgb): void;
  /** Square, diamond or triangle around a centre. */
  shape(name: string, x: number, y: number, radius: number, colour: Rgb, edge: Rgb): void;
  text(text: string, x: number, y: number, style: TextStyle): void;
  width(text: string, size: number, bold?: boolean): number;
}

const FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",Arial,sans-serif';

const widths = new Map<string, number>();

/** Corners of a shape around a centre; a disc has none. */
export function corners(name: string, x: number, y: number, r: number): readonly (readonly [number, number])[] {
  switch (name) {
    case "square": return [[x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]];
    case "diamond": return [[x, y - 1.3 * r], [x + 1.3 * r, y], [x, y + 1.3 * r], [x - 1.3 * r, y]];
    case "triangle": return [[x, y - 1.3 * r], [x + 1.2 * r, y + r], [x - 1.2 * r, y + r]];
    default: return [];
  }
}

export class CanvasPainter implements Painter {
  constructor(readonly context: CanvasRenderingContext2D) {}

  rect(x: number, y: number, width: number, height: number, colour: Rgb, alpha = 1): void {
    this.context.fillStyle = css(colour, alpha);
    this.context.fillRect(x, y, width, height);
  }

  frame(x: number, y: number, width: number, height: number, colour: Rgb, line = 1): void {
    this.context.strokeStyle = css(colour);
    this.context.lineWidth = line;
    this.context.strokeRect(x, y, width, height);
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: Rgb, width = 1, alpha = 1): void {
    const { context } = this;
    context.strokeStyle = css(colour, alpha);
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }

  disc(x: number, y: number, radius: number, colour: Rgb, edge: Rgb): void {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#finish(colour, edge);
  }

  shape(name: string, x: number, y: number, radius: number, colour: Rgb, edge: Rgb): void {
    const points = corners(name, x, y, radius);
    if (!points.length) return this.disc(x, y, radius, colour, edge);
    this.context.beginPath();
    for (const [left, top] of points) this.context.lineTo(left, top);
    this.context.closePath();
    this.#finish(colour, edge);
  }

  #finish(colour: Rgb, edge: Rgb): void {
    this.context.fillStyle = css(colour);
    this.context.fill();
    this.context.strokeStyle = css(edge);
    this.context.lineWidth = 1;
    this.context.stroke();
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const { context } = this;
    context.font = `${style.bold ? "600 " : ""}${style.size}px ${FONT}`;
    context.textAlign = style.align ?? "left";
    context.textBaseline = "middle";
    if (style.turn) {
      context.save();
      context.translate(x, y);
      context.rotate((style.turn * Math.PI) / 180);
      context.fillStyle = css(style.colour);
      context.fillText(text, 0, 0);
      context.restore();
      return;
    }
    if (style.halo) {
      context.strokeStyle = css(style.halo);
      context.lineWidth = 3;
      context.lineJoin = "round";
      context.strokeText(text, x, y);
    }
    context.fillStyle = css(style.colour);
    context.fillText(text, x, y);
  }

  width(text: string, size: number, bold = false): number {
    const key = `${bold ? "b" : ""}${size} ${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      this.context.font = `${bold ? "600 " : ""}${size}px ${FONT}`;
      if (widths.size > 20_000) widths.clear();
      widths.set(key, (width = this.context.measureText(text).width));
    }
    return width;
  }
}

function escaped(text: string): string {
  // Control characters cannot stand in XML at all.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

function digits(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export class SvgPainter implements Painter {
  readonly #parts: string[] = [];

  constructor(readonly pageWidth: number, readonly pageHeight: number, readonly measure: Painter) {}

  rect(x: number, y: number, width: number, height: number, colour: Rgb, alpha = 1): void {
    const opacity = alpha === 1 ? "" : ` fill-opacity="${digits(alpha)}"`;
    this.#parts.push(
      `<rect x="${digits(x)}" y="${digits(y)}" width="${digits(width)}" height="${digits(height)}" fill="${css(colour)}"${opacity}/>`,
    );
  }

  frame(x: number, y: number, width: number, height: number, colour: Rgb, line = 1): void {
    this.#parts.push(
      `<rect x="${digits(x)}" y="${digits(y)}" width="${digits(width)}" height="${digits(height)}" fill="none" stroke="${css(colour)}" stroke-width="${line}"/>`,
    );
  }

  line(x1: number, y1: number, x2: number, y2: number, colour: Rgb, width = 1, alpha = 1): void {
    const opacity = alpha === 1 ? "" : ` stroke-opacity="${digits(alpha)}"`;
    this.#parts.push(
      `<line x1="${digits(x1)}" y1="${digits(y1)}" x2="${digits(x2)}" y2="${digits(y2)}" stroke="${css(colour)}" stroke-width="${digits(width)}"${opacity}/>`,
    );
  }

  disc(x: number, y: number, radius: number, colour: Rgb, edge: Rgb): void {
    this.#parts.push(
      `<circle cx="${digits(x)}" cy="${digits(y)}" r="${digits(radius)}" fill="${css(colour)}" stroke="${css(edge)}"/>`,
    );
  }

  shape(name: string, x: number, y: number, radius: number, colour: Rgb, edge: Rgb): void {
    const points = corners(name, x, y, radius);
    if (!points.length) return this.disc(x, y, radius, colour, edge);
    const list = points.map(([left, top]) => `${digits(left)},${digits(top)}`).join(" ");
    this.#parts.push(`<polygon points="${list}" fill="${css(colour)}" stroke="${css(edge)}"/>`);
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const anchor = { left: "start", center: "middle", right: "end" }[style.align ?? "left"];
    const turn = style.turn ? ` transform="rotate(${style.turn} ${digits(x)} ${digits(y)})"` : "";
    const halo = style.halo ? ` stroke="${css(style.halo)}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"` : "";
    this.#parts.push(
      `<text x="${digits(x)}" y="${digits(y)}" font-size="${digits(style.size)}" fill="${css(style.colour)}" text-anchor="${anchor}" ` +
      `dominant-baseline="central"${style.bold ? ' font-weight="600"' : ""}${halo}${turn}>${escaped(text)}</text>`,
    );
  }

  width(text: string, size: number, bold = false): number {
    return this.measure.width(text, size, bold);
  }

  /** The whole file. */
  file(title: string): string {
    const [width, height] = [Math.ceil(this.pageWidth), Math.ceil(this.pageHeight)];
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family='${FONT}'><title>${escaped(title)}</title>${this.#parts.join("")}</svg>\n`;
  }
}

/** A text cut to a width. */
export function clipped(painter: Painter, text: string, size: number, room: number): string {
  if (painter.width(text, size) <= room) return text;
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (painter.width(`${text.slice(0, middle)}\u2026`, size) <= room) low = middle; else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}\u2026`;
}
