// Answers that this side owes in one session: requests of the peer by their tags. Section 2.3.

import { ProtocolError } from "../errors/index.js";
import type { Limits } from "../ports/index.js";

const keyOf = (command: number, tag: number): number => command * 0x10000 + tag;

export class OwedAnswers {
  readonly #limits: Limits;
  /** Bytes of each request that is not answered, by its command and tag as one number. */
  readonly #owed = new Map<number, number>();
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /**
   * Notes a request of `bytes` bytes; false when so much is owed that this one is to be refused as BUSY.
   * @throws {ProtocolError} PROTOCOL_ERROR (r[answer.tag.taken])
   */
  add(command: number, tag: number, bytes: number): boolean {
    // r[answer.tag.taken]
    if (this.#owed.has(keyOf(command, tag))) {
      throw new ProtocolError("PROTOCOL_ERROR", `command ${command} tag ${tag} is a request that is not answered`, {
        rule: "answer.tag.taken",
      });
    }
    // r[answer.busy]
    if (this.#owed.size >= this.#limits.REQUESTS) return false;
    // Whoever serves them holds their bytes meanwhile.
    if (this.#owed.size > 0 && this.#bytes + bytes > this.#limits.PENDING_PER_LINK_BYTES) return false;
    this.#owed.set(keyOf(command, tag), bytes);
    this.#bytes += bytes;
    return true;
  }

  /** An answer is given; false when none is owed, or no more. */
  settle(command: number, tag: number): boolean {
    const key = keyOf(command, tag);
    this.#bytes -= this.#owed.get(key) ?? 0;
    return this.#owed.delete(key);
  }
}
