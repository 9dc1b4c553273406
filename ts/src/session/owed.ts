// Answers that this side owes in one session: requests of the peer by their tags. Section 2.3.

import { ProtocolError } from "../errors/index.js";
import type { Limits } from "../ports/index.js";

const keyOf = (command: number, tag: number): number => command * 0x10000 + tag;

export class OwedAnswers {
  readonly #limits: Limits;
  /** Requests that are not answered, each as one number. */
  readonly #owed = new Set<number>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /**
   * Notes a request; false when so many are owed that this one is to be refused as BUSY.
   * @throws {ProtocolError} PROTOCOL_ERROR (r[answer.tag.taken])
   */
  add(command: number, tag: number): boolean {
    // r[answer.tag.taken]
    if (this.#owed.has(keyOf(command, tag))) {
      throw new ProtocolError("PROTOCOL_ERROR", `command ${command} tag ${tag} is a request that is not answered`, {
        rule: "answer.tag.taken",
      });
    }
    // r[answer.busy]
    if (this.#owed.size >= this.#limits.REQUESTS) return false;
    this.#owed.add(keyOf(command, tag));
    return true;
  }

  /** An answer is given; false when none is owed, or no more. */
  settle(command: number, tag: number): boolean {
    return this.#owed.delete(keyOf(command, tag));
  }
}
