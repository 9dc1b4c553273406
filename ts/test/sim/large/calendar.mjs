// A queue of events by time in whole microseconds: a ring of buckets, one per microsecond, each a list in order of arrival.
// Putting in and taking out cost the same however many wait. Events are small numbers; what they mean is the caller's.

const none = -1;

export class Calendar {
  #first;
  #last;
  #next;
  #mask;
  #waiting = 0;
  /** Time of the event that was taken last. */
  now = 0;

  /** @param events numbers below this one are events. @param horizonUs longest time ahead; a power of two. */
  constructor(events, horizonUs) {
    this.#first = new Int32Array(horizonUs).fill(none);
    this.#last = new Int32Array(horizonUs);
    this.#next = new Int32Array(events);
    this.#mask = horizonUs - 1;
  }

  /** How many events are waiting. */
  get waiting() {
    return this.#waiting;
  }

  /** Makes room for more events. */
  grow(events) {
    if (events <= this.#next.length) return;
    const next = new Int32Array(Math.max(events, 2 * this.#next.length));
    next.set(this.#next);
    this.#next = next;
  }

  /** Puts in an event that is not waiting yet. */
  put(event, afterUs) {
    if (afterUs < 0 || afterUs > this.#mask) throw new RangeError(`an event ${afterUs} µs ahead`);
    const bucket = (this.now + afterUs) & this.#mask;
    this.#next[event] = none;
    if (this.#first[bucket] === none) this.#first[bucket] = event;
    else this.#next[this.#last[bucket]] = event;
    this.#last[bucket] = event;
    this.#waiting++;
  }

  /** Takes the next event; −1 when none is due up to `untilUs`. `now` becomes its time, or that one. */
  take(untilUs = Infinity) {
    if (this.#waiting === 0) {
      if (untilUs < Infinity) this.now = untilUs;
      return none;
    }
    let bucket = this.now & this.#mask;
    while (this.#first[bucket] === none) {
      if (this.now >= untilUs) return none;
      bucket = ++this.now & this.#mask;
    }
    const event = this.#first[bucket];
    this.#first[bucket] = this.#next[event];
    this.#waiting--;
    return event;
  }
}
