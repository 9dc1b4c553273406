// Requests of this node that are under way: who is asked, and which part of the machine waits for it. An answer that nobody
// waits for any more changes nothing.

import type { Contact } from "./contact.js";
import type { Position } from "./position.js";
import type { RingAnswer, RingOutput, RingRequest, Snapshot, StepAnswer } from "./ring-types.js";

/** A part of the machine that asks. Of each contact it asks one thing at a time. */
export interface Asker {
  receiveState?(from: Contact, answer: Snapshot, now: number): void;
  receiveStep?(from: Contact, answer: StepAnswer, now: number): void;
  receiveLeave?(from: Contact, now: number): void;
  /** A contact has failed, or did not answer to the purpose. */
  fail(contact: Contact, now: number, asked: RequestType): void;
}

export type RequestType = RingRequest["type"];

export interface OpenRequest {
  readonly type: RequestType;
  readonly to: Contact;
  readonly asker: Asker;
}

export class Requests {
  readonly #outputs: RingOutput[];
  readonly #open = new Map<number, OpenRequest>();
  #next = 1;

  /** @param outputs where requests are left to be sent. */
  constructor(outputs: RingOutput[]) {
    this.#outputs = outputs;
  }

  askState(to: Contact, asker: Asker): void {
    this.#outputs.push({ type: "state", handle: this.#begin({ type: "state", to, asker }), to });
  }

  askStep(to: Contact, target: Position, asker: Asker): void {
    this.#outputs.push({ type: "step", handle: this.#begin({ type: "step", to, asker }), to, target });
  }

  sendLeave(to: Contact, asker: Asker): void {
    this.#outputs.push({ type: "leave", handle: this.#begin({ type: "leave", to, asker }), to });
  }

  #begin(request: OpenRequest): number {
    this.#open.set(this.#next, request);
    return this.#next++;
  }

  /** Takes a request that has ended; undefined when nobody waits for it. */
  take(handle: number): OpenRequest | undefined {
    const request = this.#open.get(handle);
    if (request !== undefined) this.#open.delete(handle);
    return request;
  }

  /** Nobody waits any more for what one part has asked. */
  cancel(asker: Asker): void {
    for (const [handle, request] of this.#open) if (request.asker === asker) this.#open.delete(handle);
  }
}

/** Hands an answer to the part that waits for it. */
export function deliver({ type, to, asker }: OpenRequest, answer: RingAnswer, now: number): void {
  if (type === "state") asker.receiveState?.(to, answer as Snapshot, now);
  else if (type === "step") asker.receiveStep?.(to, answer as StepAnswer, now);
  else asker.receiveLeave?.(to, now);
}
