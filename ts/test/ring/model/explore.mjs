// Explores every state that a scope can reach, breadth first. A state is a number: the places of its local states in tables, one
// table for each node. Visited states lie in an open-addressed table of numbers.
import { listsOf } from "./lists.mjs";
import { factsOf, violated } from "./properties.mjs";
import { stepsOf } from "./steps.mjs";

/** Local states of one node by their text, each with its number and facts. */
class LocalStates {
  #byText = new Map();
  all = [];
  facts = [];
  #factsOf;

  constructor(factsOf) {
    this.#factsOf = factsOf;
  }

  /** The number of an equal state; the same object is looked up without its text. */
  number(state) {
    if (state.number !== undefined) return state.number;
    const { status, list, wraps, pred, reply, walk } = state;
    const told = reply ? `${reply.from}:${reply.list.join("")}:${reply.pred}` : "";
    const text = `${status[0]}${status[1]}|${list.join("")}|${wraps}|${pred}|${told}|${walk}`;
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const number = this.all.length;
    this.#byText.set(text, number);
    // Not enumerable: states that are made out of this one must not inherit it.
    this.all.push(Object.defineProperty({ ...state }, "number", { value: number }));
    this.facts.push(this.#factsOf(state));
    return number;
  }
}

/** A set of whole numbers below 2^53. */
class NumberSet {
  #slots = new Float64Array(1 << 16).fill(-1);
  size = 0;

  /** Whether it was new. */
  add(number) {
    if (this.size * 2 > this.#slots.length) this.#grow();
    if (!this.#put(this.#slots, number)) return false;
    this.size++;
    return true;
  }

  #put(slots, number) {
    const mask = slots.length - 1;
    const high = Math.floor(number / 2 ** 26);
    let at = Math.imul((number - high * 2 ** 26) ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    at = (at ^ (at >>> 15)) & mask;
    for (; slots[at] !== -1; at = (at + 1) & mask) if (slots[at] === number) return false;
    slots[at] = number;
    return true;
  }

  #grow() {
    const slots = new Float64Array(this.#slots.length * 2).fill(-1);
    for (const number of this.#slots) if (number !== -1) this.#put(slots, number);
    this.#slots = slots;
  }
}

const chunk = 1 << 16;

/** Numbers in the order in which they were found, each with where it came from. */
class Found {
  #numbers = [];
  #from = [];
  length = 0;

  push(number, from) {
    if (this.length % chunk === 0) {
      this.#numbers.push(new Float64Array(chunk));
      this.#from.push(new Int32Array(chunk));
    }
    const place = this.length++;
    this.#numbers[Math.floor(place / chunk)][place % chunk] = number;
    this.#from[Math.floor(place / chunk)][place % chunk] = from;
  }

  at(place) {
    return this.#numbers[Math.floor(place / chunk)][place % chunk];
  }

  from(place) {
    return this.#from[Math.floor(place / chunk)][place % chunk];
  }
}

export class Explorer {
  #scope;
  #lists;
  #tables;
  #weights;
  #radix;
  #steps;
  #visited = new NumberSet();
  #found = new Found();
  #context;
  #made = 0;
  #fewestPrincipals = Infinity;

  constructor(scope) {
    this.#scope = scope;
    this.#lists = listsOf(scope);
    this.#steps = stepsOf(scope, this.#lists);
    const nodes = scope.positions.length;
    this.#tables = scope.positions.map((_, node) => new LocalStates((state) => factsOf(node, state, this.#lists)));
    this.#radix = Math.floor((2 ** 53) ** (1 / nodes));
    this.#weights = scope.positions.map((_, node) => this.#radix ** node);
    this.#context = { scope, lists: this.#lists, baseBits: scope.base.reduce((bits, node) => bits | (1 << node), 0) };
  }

  /** Explores; answers the number of states, of steps, and the first violation with the way to it. */
  run() {
    const first = this.#scope.start.map((state, node) => this.#tables[node].number(state));
    this.#reach(
      first.reduce((sum, number, node) => sum + number * this.#weights[node], 0),
      -1,
    );
    for (let place = 0; place < this.#found.length; place++) {
      const number = this.#found.at(place);
      const states = this.#statesOf(number);
      const facts = states.map((state, node) => this.#tables[node].facts[state.number]);
      const property = violated(this.#context, states, facts);
      if (property !== undefined) return this.#result({ property, way: this.#wayTo(place) });
      this.#count(states, facts);
      this.#expand(place, number, states);
    }
    return this.#result({});
  }

  /** How many members no list skips, where a founder's list is full. */
  #count(states, facts) {
    const { founder, listMost } = this.#scope;
    if (founder === undefined || states[founder].list.length < listMost) return;
    const skipped = facts.reduce((bits, fact) => bits | fact.skipped, 0);
    const principals = facts.filter(({ isThere }, node) => isThere && (skipped & (1 << node)) === 0).length;
    this.#fewestPrincipals = Math.min(this.#fewestPrincipals, principals);
  }

  #expand(place, number, states) {
    for (const step of this.#steps(states)) {
      let next = number;
      for (let i = 0; i < step.length; i += 2) {
        const node = step[i];
        const to = this.#tables[node].number(step[i + 1]);
        if (to >= this.#radix) throw new Error(`node ${node} has more than ${this.#radix} local states`);
        next += (to - states[node].number) * this.#weights[node];
      }
      this.#made++;
      this.#reach(next, place);
    }
  }

  #reach(number, from) {
    if (this.#visited.add(number)) this.#found.push(number, from);
  }

  #statesOf(number) {
    let rest = number;
    return this.#tables.map(({ all }) => {
      const above = Math.floor(rest / this.#radix);
      const state = all[rest - above * this.#radix];
      rest = above;
      return state;
    });
  }

  #wayTo(place) {
    const way = [];
    for (let at = place; at !== -1; at = this.#found.from(at)) way.unshift(this.#statesOf(this.#found.at(at)));
    return way;
  }

  #result(end) {
    return {
      states: this.#found.length,
      steps: this.#made,
      ...(this.#fewestPrincipals < Infinity && { fewestPrincipals: this.#fewestPrincipals }),
      ...end,
    };
  }
}
