// Events by time: a binary heap. Of two at one time the one put in first comes first, so that runs repeat exactly.

export class Heap {
  #times = [];
  #orders = [];
  #events = [];
  #put = 0;

  get nextAt() {
    return this.#times[0] ?? Infinity;
  }

  push(at, event) {
    const order = this.#put++;
    let hole = this.#times.length;
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      if (this.#times[above] <= at) break;
      this.#move(above, hole);
      hole = above;
    }
    this.#set(hole, at, order, event);
  }

  pop() {
    const event = this.#events[0];
    const at = this.#times.pop();
    const order = this.#orders.pop();
    const last = this.#events.pop();
    if (this.#times.length > 0) this.#sink(at, order, last);
    return event;
  }

  #sink(at, order, event) {
    const count = this.#times.length;
    let hole = 0;
    for (;;) {
      let below = 2 * hole + 1;
      if (below >= count) break;
      if (below + 1 < count && this.#isBefore(below + 1, this.#times[below], this.#orders[below])) below++;
      if (!this.#isBefore(below, at, order)) break;
      this.#move(below, hole);
      hole = below;
    }
    this.#set(hole, at, order, event);
  }

  #isBefore(place, at, order) {
    const time = this.#times[place];
    return time < at || (time === at && this.#orders[place] < order);
  }

  #move(from, to) {
    this.#set(to, this.#times[from], this.#orders[from], this.#events[from]);
  }

  #set(place, at, order, event) {
    this.#times[place] = at;
    this.#orders[place] = order;
    this.#events[place] = event;
  }
}
