// Pan and zoom of a canvas by wheel, mouse, pen and fingers; the transform is that of d3-zoom, which would double the
// size of what the page loads.

export interface Transform {
  readonly k: number;
  readonly x: number;
  readonly y: number;
}

export const STILL: Transform = { k: 1, x: 0, y: 0 };

const SLACK = 4;

export class Movement {
  transform: Transform = STILL;
  /** Whether the pointer moved since it went down: then its release is no click. */
  moved = false;
  readonly #fingers = new Map<number, readonly [number, number]>();
  #start: readonly [number, number] = [0, 0];

  constructor(
    readonly canvas: HTMLCanvasElement, readonly least: number, readonly most: number,
    readonly on: { free(event: PointerEvent): boolean; moved(): void },
  ) {
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? 400 : 1;
      const step = Math.max(-240, Math.min(240, event.deltaY * lines));
      this.scale(2 ** (-step * (event.ctrlKey ? 0.01 : 0.002)), this.#place(event));
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || !on.free(event)) return;
      this.#fingers.set(event.pointerId, this.#place(event));
      this.#start = this.#place(event);
      this.moved = false;
    });
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"] as const) canvas.addEventListener(name, (event) => this.#fingers.delete(event.pointerId));
  }

  get dragging(): boolean {
    return this.#fingers.size > 0 && this.moved;
  }

  #place(event: MouseEvent): readonly [number, number] {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #drag(event: PointerEvent): void {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#place(event);
    if (!this.moved && Math.hypot(now[0] - this.#start[0], now[1] - this.#start[1]) < SLACK) return;
    if (!this.moved) {
      this.moved = true;
      this.canvas.setPointerCapture(event.pointerId);
    }
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    if (other) {
      const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
      const is = Math.hypot(now[0] - other[0], now[1] - other[1]);
      if (was > 1) this.scale(is / was, [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    } else this.shift(now[0] - before[0], now[1] - before[1]);
  }

  /** Set the transform; the scale is kept within its bounds. */
  set(transform: Transform): void {
    this.transform = { ...transform, k: Math.max(this.least, Math.min(this.most, transform.k)) };
    this.on.moved();
  }

  shift(x: number, y: number): void {
    this.set({ k: this.transform.k, x: this.transform.x + x, y: this.transform.y + y });
  }

  /** Zoom by a factor about a place of the canvas; left out, about its middle. */
  scale(factor: number, about?: readonly [number, number]): void {
    const { k, x, y } = this.transform;
    const [left, top] = about ?? [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2];
    const scale = Math.max(this.least, Math.min(this.most, k * factor));
    this.set({ k: scale, x: left - ((left - x) * scale) / k, y: top - ((top - y) * scale) / k });
  }

  /** From a place in the window to one at zoom 1. */
  invert(event: { clientX: number; clientY: number }): readonly [number, number] {
    const box = this.canvas.getBoundingClientRect();
    const { k, x, y } = this.transform;
    return [(event.clientX - box.left - x) / k, (event.clientY - box.top - y) / k];
  }
}
