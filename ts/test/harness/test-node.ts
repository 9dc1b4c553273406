// An engine with everything around it made of plain data: links, signatures under way, events so far. It does nothing by
// itself; its `actions` are what could happen next, and whoever holds it chooses.

import type { Engine, NodeEvent, Output, QuestionEvent, RequestEvent } from "../../src/engine/index.js";
import type { Pipe } from "./pipe.js";
import { fakeSign, fakeVerify } from "./signatures.js";

export interface TestLink {
  readonly name: number;
  readonly out: Pipe;
  readonly in: Pipe;
  isPaused: boolean;
  isWritable: boolean;
  isEnding: boolean;
  isEndTold: boolean;
  /** Most bytes on the way out before nothing more is taken. */
  readonly capacity: number;
}

/** Something that can happen now. `key` tells what, the same in every run. */
export interface Action {
  readonly key: string;
  run(): void;
}

export interface Surroundings {
  now(): number;
  /** Size of the next chunk to write or to read. */
  chunk(): number;
  dial(node: TestNode, dial: number, address: string): void;
}

/** Everything that an engine tells. */
export type AnyEvent = NodeEvent | RequestEvent | QuestionEvent;

export class TestNode {
  readonly name: string;
  readonly engine: Engine;
  readonly id: Uint8Array;
  readonly events: AnyEvent[] = [];
  readonly links = new Map<number, TestLink>();
  readonly #around: Surroundings;
  readonly #underWay = new Map<string, () => void>();
  /** Signatures are made and verified at once, not as actions of their own. */
  isPrompt = false;
  /** Called with each event before anything else happens. */
  onEvent: ((event: AnyEvent) => void) | undefined;

  constructor(name: string, engine: Engine, id: Uint8Array, around: Surroundings) {
    this.name = name;
    this.engine = engine;
    this.id = id;
    this.#around = around;
  }

  /** Events of one type, in order. */
  eventsOf<T extends AnyEvent["type"]>(type: T): Extract<AnyEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<AnyEvent, { type: T }>[];
  }

  /** Gives the engine an input and carries out what it asks for. */
  input(run: (engine: Engine, now: number) => void): void {
    run(this.engine, this.#around.now());
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) this.#carryOut(output);
  }

  /** Everything that can happen at this node now. */
  actions(): Action[] {
    const actions: Action[] = [];
    const add = (key: string, run: () => void): void => void actions.push({ key: `${this.name} ${key}`, run });
    for (const [key, run] of this.#underWay) {
      add(key, () => {
        this.#underWay.delete(key);
        run();
      });
    }
    for (const link of this.links.values()) {
      if (link.isWritable && link.out.length < link.capacity) add(`fill ${link.name}`, () => this.fill(link));
      if (link.in.isStalled) continue;
      const isEmpty = link.in.length === 0;
      if (!isEmpty && !link.isPaused) add(`read ${link.name}`, () => this.#read(link));
      if (isEmpty && link.in.isClosed) add(`closed ${link.name}`, () => this.#lose(link));
      else if (isEmpty && link.in.isEnded && !link.isEndTold) add(`end ${link.name}`, () => this.#tellEnd(link));
    }
    return actions;
  }

  /** Breaks a connection from this side. */
  cut(link: TestLink): void {
    link.in.discard();
    link.out.isClosed = true;
    this.#lose(link);
  }

  #read(link: TestLink): void {
    const chunk = link.in.read(this.#around.chunk());
    this.input((engine, now) => engine.receive(link.name, chunk, now));
    // The bytes are the engine's during the call only.
    chunk.fill(0xa5);
    link.isPaused = this.engine.isPaused(link.name);
  }

  #tellEnd(link: TestLink): void {
    link.isEndTold = true;
    this.input((engine, now) => engine.otherSideEnded(link.name, now));
  }

  #lose(link: TestLink): void {
    this.links.delete(link.name);
    this.input((engine, now) => engine.closed(link.name, now));
  }

  /** Hands what waits to the wire, one buffer full. */
  fill(link: TestLink): void {
    const target = new Uint8Array(Math.max(8, this.#around.chunk()));
    this.input((engine, now) => {
      const count = engine.fill(link.name, target, now);
      if (count > 0) link.out.write(target.slice(0, count));
    });
    const isDone = this.engine.pendingBytes(link.name) === 0;
    link.isWritable = !isDone;
    if (isDone && link.isEnding) link.out.isEnded = true;
  }

  #carryOut(output: Output): void {
    switch (output.type) {
      case "event":
        this.events.push(output.event);
        return this.onEvent?.(output.event);
      case "verify":
        return this.#later(`verify ${output.handle}`, output.handle, () => fakeVerify(output.request));
      case "sign":
        return this.#later(`sign ${output.handle}`, output.handle, () => fakeSign(this.id, output.request.message));
      case "dial":
        return void this.#underWay.set(`dial ${output.dial}`, () => {
          this.#around.dial(this, output.dial, output.address);
        });
      case "write":
        return this.#onLink(output.link, (link) => (link.isWritable = true));
      case "resume":
        return this.#onLink(output.link, (link) => (link.isPaused = false));
      case "end":
        return this.#onLink(output.link, (link) => {
          link.isEnding = true;
          link.isWritable = true;
          link.isPaused = false;
        });
      case "close":
        return this.#onLink(output.link, (link) => {
          link.out.isClosed = true;
          this.links.delete(link.name);
        });
      case "store":
      case "fetch":
        // Its engines keep no records.
        return;
      default:
        return output satisfies never;
    }
  }

  #onLink(name: number, change: (link: TestLink) => void): void {
    const link = this.links.get(name);
    if (link !== undefined) change(link);
  }

  #later(key: string, handle: number, result: () => boolean | Uint8Array): void {
    const run = (): void => this.input((engine, now) => engine.complete(handle, result(), now));
    // Prompt ones come as inputs of their own too, once what is polled now is carried out.
    this.#underWay.set(this.isPrompt ? `! ${key}` : key, run);
  }
}
