// The ring as an application holds it: promises over the requests of the engine. Chapter 7.

import { misuse } from "../errors/index.js";
import type { Entrance, RequestEvent, RingFinger, RingPlace, RingService, RingView } from "../engine/index.js";
import { ringPositionOf, type Network } from "../identity/index.js";
import { hasher } from "./crypto.js";
import { checkId, type NodeIdLike, type WaitOptions } from "./node-messaging.js";
import { PendingRequests, type RequestsOwner } from "./pending-requests.js";

export interface NodeRingOwner extends RequestsOwner<RingService> {
  readonly network: Network;
  /** An address that can be dialled. @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY */
  entrance(address: string): Entrance;
  /** Resolves once the node has left the ring, or is closed. */
  untilLeft(signal: AbortSignal | undefined): Promise<void>;
  close(): Promise<void>;
}

/** What a lookup has found. */
export interface RingOwner {
  /** Node id of the owner, 32 bytes. */
  readonly owner: Uint8Array;
  /** Nodes that were asked on the way. */
  readonly hops: number;
  /** They, the first one first, and how long each took to answer, milliseconds. */
  readonly path: readonly { readonly nodeId: Uint8Array; readonly ms: number }[];
}

export interface LookupOptions extends WaitOptions {
  /** Addresses of nodes to begin at. @defaultValue what the node knows itself, as a member or of its peers */
  readonly through?: readonly string[];
}

export interface EnterOptions {
  /** Dial the addresses again whenever a session with who was there is lost. @defaultValue false */
  readonly keep?: boolean;
}

const positionBytes = 32;

/** One node's part in the ring, or its view of it as a client. Held by `node.ring`. */
export class NodeRing {
  readonly #owner: NodeRingOwner;
  readonly #pending: PendingRequests<RingService>;

  /** @internal */
  constructor(owner: NodeRingOwner) {
    this.#owner = owner;
    this.#pending = new PendingRequests(owner, (engine, request) => engine.giveUp(request));
  }

  /** Position of a node, 32 new bytes: section 7.1. @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY */
  positionOf(node: NodeIdLike): Uint8Array {
    return ringPositionOf(hasher, this.#owner.network, checkId(node));
  }

  /**
   * Finds the node that owns a position: section 7.9. A node that takes no part can do so too, through peers or addresses of
   * nodes that do.
   * @param target 32 bytes.
   * @throws {ProtocolError} MISUSE; UNREACHABLE when nobody is left to ask; TIMEOUT after LOOKUP_MS; CLOSED
   */
  async lookup(target: Uint8Array, { through = [], signal }: LookupOptions = {}): Promise<RingOwner> {
    const position = checkPosition(target);
    const entrances = through.map((address) => this.#owner.entrance(address));
    const outcome = await this.#run((engine) => engine.lookup(position, entrances), signal);
    if (outcome.type !== "owner") throw new Error("an outcome of another request");
    const { owner, hops, path } = outcome;
    return { owner, hops, path };
  }

  /** What this node knows of the ring: section 7.3. @throws {ProtocolError} MISUSE for a node that takes no part; CLOSED */
  state(): RingView & { readonly fingers: readonly RingFinger[] } {
    return this.#owner.engine().view();
  }

  /**
   * Asks the node at an address what it knows of the ring.
   * @throws {ProtocolError} MISUSE, BAD_TEXT, BAD_KEY; UNREACHABLE when it cannot be reached, or takes no part; CLOSED
   */
  async stateOf(address: string, { signal }: WaitOptions = {}): Promise<RingView> {
    const entrance = this.#owner.entrance(address);
    const outcome = await this.#run((engine) => engine.askView(entrance), signal);
    if (outcome.type !== "viewed") throw new Error("an outcome of another request");
    return outcome.view;
  }

  /**
   * Asks the node at an address one step of a lookup: who owns a position, or who is nearer to it; one list is empty.
   * @throws {ProtocolError} as `stateOf`
   */
  async stepOf(
    address: string,
    target: Uint8Array,
    { signal }: WaitOptions = {},
  ): Promise<{ readonly owners: readonly RingPlace[]; readonly next: readonly RingPlace[] }> {
    const [entrance, position] = [this.#owner.entrance(address), checkPosition(target)];
    const outcome = await this.#run((engine) => engine.askNext(entrance, position), signal);
    if (outcome.type !== "stepped") throw new Error("an outcome of another request");
    const { owners, next } = outcome;
    return { owners, next };
  }

  /**
   * Founds a ring, of a node made with `ring: "wait"`: section 7.4. To be done once in the life of a network.
   * @param addresses nodes that may be on a ring of the same network already: it is found and joined with.
   * @throws {ProtocolError} MISUSE when the node takes no part, or has its place; BAD_TEXT, BAD_KEY, CLOSED
   */
  found(addresses: readonly string[] = [], { keep = false }: EnterOptions = {}): void {
    const entrances = addresses.map((address) => this.#owner.entrance(address));
    this.#owner.engine().found(entrances, keep);
    this.#owner.drain();
  }

  /** Joins the ring through nodes at addresses, trying until it has its place. @throws {ProtocolError} as `found` */
  join(addresses: readonly string[], { keep = false }: EnterOptions = {}): void {
    const entrances = addresses.map((address) => this.#owner.entrance(address));
    this.#owner.engine().join(entrances, keep);
    this.#owner.drain();
  }

  /**
   * Leaves the ring and closes the node: section 7.7. Takes twice RING_STABILIZE_MS, so that nobody asks in vain.
   * @throws {ProtocolError} MISUSE when the node has no place, or has founded the ring and holds it; CLOSED
   */
  async leave({ signal }: WaitOptions = {}): Promise<void> {
    const left = this.#owner.untilLeft(signal);
    try {
      this.#owner.engine().leave();
    } catch (error) {
      left.catch(() => undefined);
      throw error;
    }
    this.#owner.drain();
    await left;
    await this.#owner.close();
  }

  /** Stabilizes, or does an audit, as soon as may be: for tests and operators. @throws {ProtocolError} MISUSE, CLOSED */
  maintain(how: "stabilize" | "audit"): void {
    this.#owner.engine().maintain(how);
    this.#owner.drain();
  }

  #run(
    start: (engine: RingService) => number,
    signal: AbortSignal | undefined,
  ): Promise<Exclude<RequestEvent, { type: "failed" }>> {
    return this.#pending.run(start, signal);
  }

  /** @internal */
  receive(event: RequestEvent): void {
    this.#pending.settle(event);
  }

  /** @internal */
  end(): void {
    this.#pending.close();
  }
}

/** @throws {ProtocolError} MISUSE */
function checkPosition(target: Uint8Array): Uint8Array {
  if (target instanceof Uint8Array && target.length === positionBytes) return new Uint8Array(target);
  throw misuse(`a position has ${positionBytes} bytes`);
}
