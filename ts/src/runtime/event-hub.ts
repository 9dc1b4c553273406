// Events of a node, to callbacks and to `for await`. A callback that throws does not disturb the others.

import type { NodeEvent } from "../engine/index.js";
import type { Message } from "../engine/index.js";

/** What callbacks get, by the type of event. */
export interface EventMap {
  message: Message;
  "peer.up": Extract<NodeEvent, { type: "peer.up" }>;
  "peer.down": Extract<NodeEvent, { type: "peer.down" }>;
  refused: Extract<NodeEvent, { type: "refused" }>;
  skew: Extract<NodeEvent, { type: "skew" }>;
  stale: Extract<NodeEvent, { type: "stale" }>;
  /** A TELL has come. */
  told: Extract<NodeEvent, { type: "told" }>;
  commanded: Extract<NodeEvent, { type: "commanded" }>;
  /** The node has another phase on the ring. */
  ring: Extract<NodeEvent, { type: "ring" }>;
  /** A key that is watched has another record. */
  changed: Extract<NodeEvent, { type: "changed" }>;
  /** A record that was stored has lost to a newer one. */
  overwritten: Extract<NodeEvent, { type: "overwritten" }>;
  /** This member stores a value under a key from now on. */
  "key.gained": Extract<NodeEvent, { type: "key.gained" | "key.lost" }>;
  /** It stores none any more. */
  "key.lost": Extract<NodeEvent, { type: "key.gained" | "key.lost" }>;
  drain: Extract<NodeEvent, { type: "drain" }>;
}

type Listener = (event: never) => void;

/** What an iterator holds for its reader before it drops the oldest: roughly, in bytes. */
const heldBytes = 16 * 1024 * 1024;
const eventOverheadBytes = 512;

export class EventHub {
  readonly #listeners = new Map<keyof EventMap, readonly Listener[]>();
  readonly #iterators = new Set<EventIterator>();
  #isClosed = false;

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
    const close = (): void => iterator.close();
    const iterator = new EventIterator(() => {
      this.#iterators.delete(iterator);
      signal?.removeEventListener("abort", close);
    });
    this.#iterators.add(iterator);
    signal?.addEventListener("abort", close, { once: true });
    if (this.#isClosed || signal?.aborted === true) close();
    return iterator;
  }

  /** Ends all iterators and drops all callbacks. */
  close(): void {
    this.#isClosed = true;
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

function bytesOf(event: NodeEvent): number {
  if (event.type === "message") return eventOverheadBytes + event.contentBytes;
  return eventOverheadBytes + ("payload" in event ? event.payload.length : 0);
}

/** Holds events for one `for await`; a reader that is too slow loses the oldest, and the node keeps its memory. */
class EventIterator implements AsyncIterableIterator<NodeEvent> {
  readonly #onClose: () => void;
  #events: NodeEvent[] = [];
  #next = 0;
  #bytes = 0;
  readonly #readers: ((result: IteratorResult<NodeEvent>) => void)[] = [];
  #isClosed = false;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  add(event: NodeEvent): void {
    const reader = this.#readers.shift();
    if (reader !== undefined) return reader({ value: event, done: false });
    this.#events.push(event);
    this.#bytes += bytesOf(event);
    while (this.#bytes > heldBytes) this.#take();
  }

  next(): Promise<IteratorResult<NodeEvent>> {
    const value = this.#take();
    if (value !== undefined) return Promise.resolve({ value, done: false });
    if (this.#isClosed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** Takes out the oldest event. */
  #take(): NodeEvent | undefined {
    const event = this.#events[this.#next];
    if (event === undefined) return undefined;
    this.#bytes -= bytesOf(event);
    this.#next++;
    if (2 * this.#next > this.#events.length) {
      this.#events = this.#events.slice(this.#next);
      this.#next = 0;
    }
    return event;
  }

  return(): Promise<IteratorResult<NodeEvent>> {
    this.close();
    return Promise.resolve({ value: undefined, done: true });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onClose();
    for (const reader of this.#readers.splice(0)) reader({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
