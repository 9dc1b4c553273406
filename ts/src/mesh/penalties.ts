// Penalties of one session: section 4.6.

import type { Code } from "../gen/registry.js";
import type { Limits } from "../ports/index.js";

export class Penalties {
  readonly #limits: Limits;
  #count = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Adds points; answers the code that ends the session, once it has come to that. */
  add(points: number, badSignature: boolean): Code | undefined {
    this.#count += points;
    // r[mesh.penalty.end] mutate: always
    if (this.#count < this.#limits.PENALTY_END) return undefined;
    // r[mesh.penalty.code] mutate: `badSignature` => `false`
    return badSignature ? "BAD_SIGNATURE" : "MISBEHAVED";
  }
}
