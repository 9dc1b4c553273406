// Points of the ring in order, with what lies there. Additions and removals are gathered and worked in when somebody looks, so
// that a burst of them costs one sort.

import type { Position } from "../position.js";

interface Point<T> {
  readonly position: Position;
  readonly what: T;
  isGone: boolean;
}

export class OrderedPlaces<T> {
  #points: Point<T>[] = [];
  #added: Point<T>[] = [];
  #gone = 0;

  /** Adds a point; what is answered takes it away again. */
  add(position: Position, what: T): () => void {
    const point = { position, what, isGone: false };
    this.#added.push(point);
    return () => {
      point.isGone = true;
      this.#gone++;
    };
  }

  #settle(): void {
    if (this.#added.length === 0 && this.#gone <= this.#points.length / 2) return;
    this.#points = this.#points.concat(this.#added).filter(({ isGone }) => !isGone);
    this.#points.sort((a, b) => a.position.compare(b.position));
    this.#added = [];
    this.#gone = 0;
  }

  /** What lies behind one position and not behind another, in the order of the ring; the whole ring where they are equal. */
  *arc(after: Position, end: Position): Generator<{ readonly position: Position; readonly what: T }> {
    this.#settle();
    const points = this.#points;
    const isOver = after.compare(end) >= 0;
    const last = this.#countUpTo(end);
    const first = this.#countUpTo(after);
    const parts: readonly (readonly [number, number])[] = isOver
      ? [
          [first, points.length],
          [0, last],
        ]
      : [[first, last]];
    for (const [from, to] of parts) {
      for (let i = from; i < to; i++) {
        const point = points[i];
        if (point !== undefined && !point.isGone) yield point;
      }
    }
  }

  /** How many points are not above a position. */
  #countUpTo(position: Position): number {
    let low = 0;
    let high = this.#points.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#points[middle] as Point<T>).position.compare(position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
