// PUTs that a member sends on to the one behind it: r[put.forward]. When that one fails, the next of the list is tried.

import { equalBytes } from "../../bytes/index.js";
import type { Contact } from "../contact.js";
import type { Held } from "./held-records.js";
import type { KeeperCore } from "./keeper-core.js";
import { headOf } from "./own-arc.js";
import type { Put, PutAnswer } from "./table-types.js";

export type Forwarded = (answer: PutAnswer | undefined, now: number) => void;

/** What `held.sent` remembers of a record that is held by the next in the chain. */
function markOf({ key, incarnation }: Contact, place: number): string {
  return `${key}:${incarnation}:${place}`;
}

export class Forwarder {
  readonly #core: KeeperCore;

  constructor(core: KeeperCore) {
    this.#core = core;
  }

  /** Sends a PUT to the head, or to whoever is next when that fails. @param done called once: the answer, or nothing. */
  send(put: Put, now: number, done: Forwarded): void {
    this.#try(put, this.#core.snapshot?.successors ?? [], now, done);
  }

  #try(put: Put, list: readonly Contact[], now: number, done: Forwarded): void {
    const [to, ...others] = list;
    if (to === undefined) return done(undefined, now);
    this.#core.ask(to, put, (answer, code, later) => {
      if (answer?.command === "PUT") {
        this.#note(put, to, answer);
        return done(answer, later);
      }
      // One that answers is alive: those behind it would not take the PUT from this node.
      this.#try(put, code === undefined ? others : [], later, done);
    });
  }

  #note({ record, position, place }: Put, to: Contact, { holders }: PutAnswer): void {
    const held = this.#core.records.find(record.keyId);
    if (held === undefined || !holders.includes(to.key) || !equalBytes(held.info.digest, record.digest)) return;
    held.sent[position] = markOf(to, place);
  }

  /** Whether the head is known to hold a record at the next place. */
  isSent(held: Held, number: number, place: number): boolean {
    const { snapshot } = this.#core;
    return snapshot !== undefined && held.sent[number] === markOf(headOf(snapshot), place);
  }

  /** The head has shown to hold it. */
  noteSent(held: Held, number: number, place: number): void {
    const { snapshot } = this.#core;
    if (snapshot !== undefined) held.sent[number] = markOf(headOf(snapshot), place);
  }
}
