// One simulated node of level 2: the mesh machine as it is compiled, and an owner that hands its frames to the network. A
// peer's slot is the slot of its half-link. What is not here, level 2 does not have: sessions, queues, frames as bytes.
import { Limit } from "../../../dist/gen/registry.js";
import { Flood } from "../../../dist/mesh/index.js";
import { hasher } from "../../../dist/runtime/index.js";
import { nodeIdOf, sign } from "./identities.mjs";

/** The limits of all nodes: a node with eight peers needs less of some, and 10^5 machines have to fit. */
export const limitsWith = (limits) => ({ ...Limit, SESSIONS: 32, RECENT_MESSAGES: 64, ...limits });

export class MeshNode {
  #network;
  #sequence = 0n;
  /** Penalties by slot, and the sessions that they have ended. */
  #points = new Map();
  /** Frames by slot that wait until their lane has room. */
  #held = new Map();

  constructor(network, number, { limits, network: parameters, random }) {
    this.#network = network;
    this.number = number;
    this.id = nodeIdOf(`node ${number}`);
    this.context = {
      network: parameters,
      nodeId: this.id,
      limits,
      hasher,
      random,
      signatures: {
        verify: (request, done) => network.verify(request, done),
        sign: ({ message }, done) => done(sign(this.id, message)),
      },
    };
    this.start();
  }

  get isAlive() {
    return this.flood !== undefined;
  }

  /** Begins a run: nothing is remembered of the one before but the last sequence. */
  start() {
    this.#points.clear();
    this.#held.clear();
    this.flood = new Flood(this.context, this.#owner(), this.#sequence);
  }

  /** Takes another identity, between two runs. */
  rename(name) {
    this.id = nodeIdOf(name);
    this.context = { ...this.context, nodeId: this.id };
    this.#sequence = 0n;
  }

  stop() {
    this.flood = undefined;
  }

  join(slot, peerId) {
    this.flood?.join(slot, peerId);
    this.#points.delete(slot);
  }

  leave(slot) {
    this.flood?.leave(slot);
    this.#held.delete(slot);
  }

  publish(payload) {
    this.flood.setNow(this.#network.unixMs);
    const receipt = this.flood.publish("sim", payload, this.#network.unixMs);
    this.#sequence = receipt.sequence;
    return receipt;
  }

  /** Takes a frame; one whose lane is full waits, as a session that is not read. */
  receive(slot, payload, hops) {
    const held = this.#held.get(slot);
    if (held !== undefined) held.push({ payload, hops });
    else if (this.flood.isCongested(slot)) this.#held.set(slot, [{ payload, hops }]);
    else this.#take(slot, payload, hops);
  }

  #take(slot, payload, hops) {
    this.flood.setNow(this.#network.unixMs);
    this.flood.receive(slot, payload, 0, payload.length, hops);
  }

  #relieved(slot) {
    const held = this.#held.get(slot);
    if (held === undefined) return;
    this.#network.after(0, () => {
      while (held.length > 0 && this.#held.get(slot) === held && this.flood?.isCongested(slot) === false) {
        const { payload, hops } = held.shift();
        this.#take(slot, payload, hops);
      }
      if (held.length === 0 && this.#held.get(slot) === held) this.#held.delete(slot);
    });
  }

  #penalize(slot, points) {
    const before = this.#points.get(slot) ?? 0;
    this.#points.set(slot, before + points);
    this.#network.blamed(this.number, slot, points);
    if (before < Limit.PENALTY_END && before + points >= Limit.PENALTY_END) {
      this.#network.after(0, () => this.#network.cut(this.number, slot));
    }
  }

  #owner() {
    const network = this.#network;
    return {
      relay: (slot, payload, hops) => network.send(this.number, slot, payload, hops),
      publish: (slot, payload) => network.publish(this.number, slot, payload),
      admits: () => true,
      deliver: (delivery) => network.delivered(this.number, delivery),
      penalize: (slot, points) => this.#penalize(slot, points),
      relieved: (slot) => this.#relieved(slot),
      stale: (slot, highest) => network.stale(this.number, slot, highest),
    };
  }
}
