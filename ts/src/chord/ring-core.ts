// What the parts of the machine share: the state, who is asked what, what is remembered, and where outputs are left.

import { Draws } from "./draws.js";
import { Fingers } from "./fingers.js";
import { Passive } from "./passive.js";
import { Requests } from "./requests.js";
import { RingState } from "./ring-state.js";
import type { Contact } from "./contact.js";
import type { RingContext, RingLimits, RingOutput } from "./ring-types.js";

export class RingCore {
  readonly self: Contact;
  readonly limits: RingLimits;
  readonly state: RingState;
  readonly draws: Draws;
  readonly passive: Passive;
  readonly fingers = new Fingers();
  readonly outputs: RingOutput[] = [];
  readonly requests = new Requests(this.outputs);

  constructor({ self, random, limits, r }: RingContext) {
    this.self = self;
    this.limits = limits;
    this.state = new RingState(self, r);
    this.draws = new Draws(random);
    this.passive = new Passive(limits, this.draws);
  }

  notify(to: Contact): void {
    this.outputs.push({ type: "notify", to });
  }

  /** Makes the list anew: the first contact has just answered, the rest is from its answer. */
  makeList(first: Contact, rest: readonly Contact[]): void {
    const broken = this.state.makeList(first, rest);
    // Somebody stands where a list of one ring has nobody: an audit through it may find out more.
    if (broken !== undefined) this.passive.noteStranger(broken);
  }
}
