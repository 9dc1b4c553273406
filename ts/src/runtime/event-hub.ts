// Events of a node, to callbacks and to `for await`. A callback that throws does not disturb the others.

import type { NodeEvent } from "../engine/index.js";
import type { Message } from "../engine/index.js";

/** What callbacks get, by the type of event. */
export interface EventMap {
  message: Message;
  "peer.up": Extract<NodeEvent, { type: "peer.up" }>;
  "peer.down": Extract<NodeEvent, { type: "peer.down" }>;
  refused: Extract<NodeEvent, { type: "refused" }>;
  drain: Extract<NodeEvent, { type: "drain" }>;
}

type Listener = (event: never) => void;

/** Events that an iterator holds for its reader before it drops the oldest and says so. */
const heldEvents = 65_536;

export class EventHub {
  readonly #listeners = new Map<keyof EventMap, readonly Listener[]>();
  readonly #iterators = new Set<EventIterator>();

  on<T extends keyof EventMap>(type: T, listener: (event: EventMap[T]) => void): Disposable {
    const own: Listener = (event) => listener(event);
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), own]);
    const off = (): void => {
      this.#listeners.set(
        type,
        (this.#listeners.get(type) ?? []).filter((other) => other !== own),
      );
    };
    return { [Symbol.dispose]: off };
  }

  emit(event: NodeEvent): void {
    const listeners = this.#listeners.get(event.type);
    if (listeners !== undefined) {
      for (const listener of listeners) call(listener, event as never);
    }
    for (const iterator of this.#iterators) iterator.add(event);
  }

  iterate(signal: AbortSignal | undefined): AsyncIterableIterator<NodeEvent> {
    const iterator = new EventIterator(() => this.#iterators.delete(iterator));
    this.#iterators.add(iterator);
    signal?.addEventListener("abort", () => iterator.close(), { once: true });
    if (signal?.aborted === true) iterator.close();
    return iterator;
  }

  /** Ends all iterators and drops all callbacks. */
  close(): void {
    this.#listeners.clear();
    for (const iterator of this.#iterators) iterator.close();
  }
}

function call(listener: Listener, argument: never): void {
  try {
    listener(argument);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

/** Holds events for one `for await`; a reader that is too slow loses the oldest, never the node's memory. */
class EventIterator implements AsyncIterableIterator<NodeEvent> {
  readonly #onClose: () => void;
  #events: NodeEvent[] = [];
  #next = 0;
  #reader: ((result: IteratorResult<NodeEvent>) => void) | undefined;
  #isClosed = false;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  add(event: NodeEvent): void {
    if (this.#reader !== undefined) {
      this.#reader({ value: event, done: false });
      this.#reader = undefined;
      return;
    }
    this.#events.push(event);
    if (this.#events.length - this.#next > heldEvents) this.#next++;
    if (this.#next > heldEvents) this.#compact();
  }

  next(): Promise<IteratorResult<NodeEvent>> {
    const value = this.#events[this.#next];
    if (value !== undefined) {
      this.#next++;
      if (this.#next === this.#events.length) this.#compact();
      return Promise.resolve({ value, done: false });
    }
    if (this.#isClosed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => (this.#reader = resolve));
  }

  return(): Promise<IteratorResult<NodeEvent>> {
    this.close();
    return Promise.resolve({ value: undefined, done: true });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    this.#reader?.({ value: undefined, done: true });
    this.#reader = undefined;
  }

  #compact(): void {
    this.#events = this.#events.slice(this.#next);
    this.#next = 0;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
