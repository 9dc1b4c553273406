// What virtual nodes hold of the table, and how right ones answer for it: PUT with its chain, GET, SCAN, SYNC and WATCH. The chain runs
// through virtual nodes by calls; where the testee is next, `forward` asks it on the wire. Who lies, and what is written, is elsewhere.
import { concat, forward, GoldenError, isNewer, isOwned, keyIdOf, keyPositionOf, limitOf, positionNumber, tableDigestOf, toHex } from "../../golden/index.js"; // prettier-ignore
import { decodeTableRecord, type Bytes, type MessageValue, type TableRecord } from "../../golden/index.js";
import type { Place, VirtualRing } from "./virtual-ring.js";
import type { VirtualNode } from "./virtual-node.js";

const TOMBSTONE = 1;
const CIRCLE_BITS = 256;

/** A record that a node holds, and where: position number → place and copies. */
export interface Held {
  readonly bytes: Bytes;
  readonly record: TableRecord;
  readonly keyId: Bytes;
  readonly places: Map<number, { readonly place: number; readonly copies: number }>;
}

export interface PutRequest {
  readonly bytes: Bytes;
  readonly position: number;
  readonly place: number;
  readonly copies: number;
}

export interface TableWorld {
  readonly networkId: Bytes;
  readonly descriptor: Bytes;
  readonly tables: number;
  now(): number;
  /** The testee, asked by a node; undefined when it fails. */
  forward(node: VirtualNode, put: PutRequest): Promise<MessageValue | undefined>;
}

interface Entry {
  readonly held: Held;
  readonly index: number;
  readonly position: bigint;
}

const refuse = (code: string, rule: string): never => {
  throw new GoldenError(code, rule, "a virtual node refuses");
};

/** The records of all virtual nodes. */
export class VirtualTable {
  readonly #ring: VirtualRing;
  readonly #world: TableWorld;
  readonly #stores = new Map<VirtualNode, Map<string, Held>>();

  constructor(ring: VirtualRing, world: TableWorld) {
    this.#ring = ring;
    this.#world = world;
  }

  /** Position of a record on the circle. */
  positionOf(keyId: Bytes, index: number): bigint {
    return positionNumber(keyPositionOf(keyId, index));
  }

  heldBy(node: VirtualNode, keyId: Bytes): Held | undefined {
    return this.#storeOf(node).get(toHex(keyId));
  }

  #storeOf(node: VirtualNode): Map<string, Held> {
    const found = this.#stores.get(node) ?? new Map<string, Held>();
    this.#stores.set(node, found);
    return found;
  }

  /** A node holds this from now on, unless what it holds is newer; gives what it holds then. */
  store(node: VirtualNode, record: TableRecord, { bytes, position, place, copies }: PutRequest): Held {
    const keyId = keyIdOf(this.#world.networkId, record.kind, record.key);
    const before = this.heldBy(node, keyId);
    const places = before?.places ?? new Map<number, { place: number; copies: number }>();
    places.set(position, { place, copies });
    const isKept = before !== undefined && !isNewer(this.#world.networkId, record, before.record);
    const held = isKept ? { ...before, places } : { bytes, record, keyId, places };
    this.#storeOf(node).set(toHex(keyId), held);
    return held;
  }

  forget(node: VirtualNode, keyId: Bytes): void {
    this.#storeOf(node).delete(toHex(keyId));
  }

  /** True when the node owns this position, by what a right node in its place knows. */
  owns(node: VirtualNode, position: bigint): boolean {
    const { predecessor } = this.#ring.viewOf(node);
    return predecessor === undefined || isOwned(predecessor.position, position, node.position);
  }

  /** The answer of a right node to a PUT of the testee. */
  async put(node: VirtualNode, value: MessageValue): Promise<MessageValue> {
    const bytes = value["record"] as Bytes;
    const record = decodeTableRecord(bytes, this.#world.descriptor, BigInt(this.#world.now()));
    const [index, place, copies] = [Number(value["position"]), Number(value["place"]), Number(value["copies"])];
    if (index >= this.#world.tables) refuse("MISUSE", "put.position");
    if (place >= copies) refuse("MISUSE", "put.copies");
    const isFromPredecessor = this.#ring.hasTestee && this.#ring.viewOf(node).predecessor?.node === undefined;
    const position = this.positionOf(keyIdOf(this.#world.networkId, record.kind, record.key), index);
    if (place === 0 && !isFromPredecessor && !this.owns(node, position)) refuse("NOT_OWNER", "put.owner");
    if (place > 0 && !isFromPredecessor) refuse("NOT_OWNER", "put.copy");
    return this.#chain(node, record, { bytes, position: index, place, copies });
  }

  async #chain(node: VirtualNode, record: TableRecord, put: PutRequest): Promise<MessageValue> {
    const held = this.store(node, record, put);
    const { networkId } = this.#world;
    const newer = isNewer(networkId, held.record, record) ? { newer: held.bytes } : {};
    const own = { holders: [node.identity.nodeId], ...newer };
    const next = this.#nextOf(node);
    const position = this.positionOf(held.keyId, put.position);
    if (next === undefined || this.#isOwner(next, position)) return { ...own, whole: 1 };
    if (put.place + 1 >= put.copies) return own;
    const further = { ...put, place: put.place + 1 };
    const answer =
      next.node === undefined
        ? await this.#world.forward(node, further)
        : await this.#chain(next.node, record, further);
    const holders = [...own.holders, ...((answer?.["holders"] ?? []) as readonly Bytes[])];
    return { ...answer, ...newer, holders };
  }

  /** The member behind a node: the first of its list that can be reached. */
  #nextOf(node: VirtualNode): Place | undefined {
    const answers = ({ node: other }: Place): boolean =>
      other === undefined || (other.change.dead !== true && other.change.silent?.includes("PUT") !== true);
    return this.#ring.viewOf(node).successors.find(answers);
  }

  #isOwner({ node, position }: Place, wanted: bigint): boolean {
    if (node !== undefined) return this.owns(node, wanted);
    const before = this.#ring.testeePredecessor;
    return before === undefined || isOwned(before.position, wanted, position);
  }

  get(node: VirtualNode, value: MessageValue): MessageValue {
    const keyId = value["keyId"] as Bytes;
    const held = this.heldBy(node, keyId);
    if (held !== undefined && !this.#isExpired(held)) return { record: held.bytes };
    const isOwner = this.owns(node, this.positionOf(keyId, Number(value["position"])));
    return isOwner ? {} : refuse("NOT_OWNER", "get.other");
  }

  scan(node: VirtualNode, value: MessageValue): MessageValue {
    const start = positionNumber(value["after"] as Bytes);
    const isAsked = ({ held, index, position }: Entry): boolean =>
      index === 0 && held.record.flags !== TOMBSTONE && isOwned(start, position, node.position);
    const found = this.#entries(node, start).filter((entry) => isAsked(entry) && this.owns(node, entry.position));
    const most = node.change.page ?? limitOf("SCAN_KEYS");
    const keys = found.slice(0, most).map(({ held }) => concat(Uint8Array.of(held.record.kind), held.record.key));
    return { keys, more: found.length > most ? 1 : 0 };
  }

  sync(node: VirtualNode, value: MessageValue): MessageValue {
    const keyIds = value["keyIds"] as readonly Bytes[];
    if (keyIds.length > 0) return { records: keyIds.flatMap((id) => this.heldBy(node, id)?.bytes ?? []) };
    const [from, to] = [positionNumber(value["from"] as Bytes), positionNumber(value["to"] as Bytes)];
    const arc = this.#entries(node, from).filter(({ position }) => isOwned(from, position, to));
    const isSame = BigInt(arc.length) === value["count"] && this.sumOf(arc) === positionNumber(value["sum"] as Bytes);
    if (isSame) return { same: 1 };
    const cursor = value["cursor"] as Bytes;
    const behind = cursor.length === 0 ? 0n : forward(from, positionNumber(cursor));
    const asked = arc.filter(({ position }) => forward(from, position) > behind);
    const most = node.change.page ?? limitOf("SYNC_ENTRIES");
    return { entries: asked.slice(0, most).map((entry) => this.#entryOf(entry)), more: asked.length > most ? 1 : 0 };
  }

  sumOf(entries: readonly { readonly held: Pick<Held, "record"> }[]): bigint {
    const digests = entries.map(({ held }) => positionNumber(tableDigestOf(this.#world.networkId, held.record)));
    return BigInt.asUintN(
      CIRCLE_BITS,
      digests.reduce((sum, one) => sum + one, 0n),
    );
  }

  #entryOf({ held, index }: Entry): Bytes {
    const { place, copies } = held.places.get(index) ?? { place: 0, copies: 0 };
    return concat(Uint8Array.of(index, place, copies), held.keyId, tableDigestOf(this.#world.networkId, held.record));
  }

  /** All that a node holds, in the order of positions from one on. */
  #entries(node: VirtualNode, from: bigint): Entry[] {
    const all = [...this.#storeOf(node).values()].filter((held) => !this.#isExpired(held));
    const entries = all.flatMap((held) =>
      [...held.places.keys()].map((index) => ({ held, index, position: this.positionOf(held.keyId, index) })),
    );
    return entries.toSorted((one, other) => (forward(from, one.position) < forward(from, other.position) ? -1 : 1));
  }

  #isExpired({ record }: Held): boolean {
    return record.flags !== TOMBSTONE && record.expires <= BigInt(this.#world.now());
  }
}
