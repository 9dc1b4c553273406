// A virtual connection between two participants: two directions, and how it ends. What arrives waits here while its reader does
// not read.

import { Direction } from "./direction.js";
import type { EventQueue } from "./event-queue.js";

/** A participant as its connections see it: an honest node or an attacker. */
export interface Participant {
  readonly index: number;
  /** Bytes came; answers whether more may come. */
  receive(end: End, chunk: Uint8Array): boolean;
  /** The other side has ended its direction. */
  otherSideEnded(end: End): void;
  /** The connection is no more. */
  closed(end: End): void;
  /** There is room to write again. */
  drained(end: End): void;
}

export interface ConnectionOptions {
  readonly id: number;
  /** Number of the link that it belongs to. */
  readonly link: number;
  readonly latencyUs: number;
  readonly bytesPerSecond: number;
  /** A chunk is handed to its reader. */
  readonly delivered: (from: End, chunk: Uint8Array) => void;
}

/** One end of a connection. */
export class End {
  readonly connection: Connection;
  readonly owner: Participant;
  readonly isInitiator: boolean;
  readonly #waiting: Uint8Array[] = [];
  #next = 0;
  /** The owner does not read for now. */
  #isPaused = false;
  readonly #afterAll: (() => void)[] = [];
  isClosed = false;
  /** Bytes have been written. */
  hasWritten = false;

  constructor(connection: Connection, owner: Participant, isInitiator: boolean) {
    this.connection = connection;
    this.owner = owner;
    this.isInitiator = isInitiator;
  }

  get other(): End {
    return this.isInitiator ? this.connection.responder : this.connection.initiator;
  }

  get #out(): Direction {
    return this.isInitiator ? this.connection.there : this.connection.back;
  }

  get #in(): Direction {
    return this.isInitiator ? this.connection.back : this.connection.there;
  }

  get isFull(): boolean {
    return this.#out.isFull;
  }

  write(chunk: Uint8Array, jitterUs: number): void {
    this.hasWritten = true;
    if (!this.isClosed) this.#out.send(chunk, jitterUs);
  }

  /** Ends this direction behind what was written. */
  end(): void {
    const { other } = this;
    this.#out.behind(() => other.#whenRead(() => other.owner.otherSideEnded(other)));
  }

  /** Closes the connection: the other side learns of it behind what was written. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#in.break();
    const { other } = this;
    this.#out.behind(() => other.#whenRead(() => other.#lose()));
  }

  /** The connection breaks: what is under way is lost. */
  lose(): void {
    this.#out.break();
    this.#in.break();
    this.#lose();
  }

  #lose(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.owner.closed(this);
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** Reads what has come meanwhile, until told to pause. */
  resume(): void {
    this.#isPaused = false;
    this.#read();
  }

  /** Bytes have come over the other direction. */
  arrived(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#read();
  }

  #read(): void {
    while (!this.#isPaused && !this.isClosed && this.#next < this.#waiting.length) {
      const chunk = this.#waiting[this.#next++] as Uint8Array;
      if (this.#next === this.#waiting.length) {
        this.#waiting.length = 0;
        this.#next = 0;
      }
      this.#in.taken(chunk.length);
      this.connection.delivered(this.other, chunk);
      if (!this.owner.receive(this, chunk)) this.#isPaused = true;
    }
    if (this.#isPaused || this.#waiting.length > 0 || this.#afterAll.length === 0) return;
    for (const run of this.#afterAll.splice(0)) if (!this.isClosed) run();
  }

  #whenRead(run: () => void): void {
    this.#afterAll.push(run);
    this.#read();
  }
}

export class Connection {
  readonly id: number;
  readonly link: number;
  readonly there: Direction;
  readonly back: Direction;
  readonly initiator: End;
  readonly responder: End;
  readonly delivered: (from: End, chunk: Uint8Array) => void;

  constructor(queue: EventQueue, owners: readonly [Participant, Participant], options: ConnectionOptions) {
    this.id = options.id;
    this.link = options.link;
    this.delivered = options.delivered;
    this.initiator = new End(this, owners[0], true);
    this.responder = new End(this, owners[1], false);
    this.there = new Direction(queue, {
      ...options,
      arrived: (chunk) => this.responder.arrived(chunk),
      drained: () => this.initiator.owner.drained(this.initiator),
    });
    this.back = new Direction(queue, {
      ...options,
      arrived: (chunk) => this.initiator.arrived(chunk),
      drained: () => this.responder.owner.drained(this.responder),
    });
  }

  /** What is sent from now on takes this much longer, µs. */
  set extraUs(us: number) {
    this.there.extraUs = us;
    this.back.extraUs = us;
  }

  /** The connection breaks for both sides at once. */
  break(): void {
    this.initiator.lose();
    this.responder.lose();
  }
}
