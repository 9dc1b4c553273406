// The table as an application holds it: keys and values like those of a Map, over requests of the engine. Chapter 8.

import { equalBytes } from "../bytes/index.js";
import { ProtocolError } from "../errors/index.js";
import { KeyKind, nodeIdBytes, ownedKey } from "../identity/index.js";
import { misuse } from "../errors/index.js";
import { checkId, type NodeIdLike, type WaitOptions } from "./node-messaging.js";
import { TableRequests, type TableOwner } from "./table-requests.js";
import {
  checkKey,
  checkValue,
  checkWrite,
  entryOf,
  writeOf,
  type BytesLike,
  type DeleteOptions,
  type TableEntry,
  type TableReading,
  type TableWrite,
  type WriteOptions,
} from "./table-view.js";
import type { RequestEvent } from "../engine/index.js";

/** How often `update` reads again when others write in between. */
const mostTries = 16;
const none = new Uint8Array(0);

/** Keys of one kind: the shared ones, or those of one owner. */
export class TableView {
  readonly #requests: TableRequests;
  /** Whose keys; undefined for the shared ones. */
  readonly #ownerId: Uint8Array | undefined;

  /** @internal */
  constructor(requests: TableRequests, ownerId?: Uint8Array) {
    this.#requests = requests;
    this.#ownerId = ownerId;
  }

  get #kind(): number {
    return this.#ownerId === undefined ? KeyKind.SHARED : KeyKind.OWNED;
  }

  #name(key: BytesLike): Uint8Array {
    return checkKey(key, this.#ownerId === undefined ? 1 : 0);
  }

  /** The key as in a record. */
  #whole(key: BytesLike): Uint8Array {
    const name = this.#name(key);
    return this.#ownerId === undefined ? name : ownedKey(this.#ownerId, name);
  }

  /**
   * Writes a value: section 8.4. Resolves when it is acknowledged: when three groups and five nodes hold it on their disks, or
   * all there are.
   * @param key 1 to 1,024 bytes, an owned one may be empty; copied. @param value at most `maxValue` of the network; copied.
   * @throws {ProtocolError} MISUSE; UNREACHABLE or another code of the groups when too few hold it, STORE_FULL among them; CLOSED
   */
  async set(key: BytesLike, value: BytesLike, options: WriteOptions = {}): Promise<TableWrite> {
    return this.#write(this.#name(key), checkValue(value, this.#requests.network), options);
  }

  /** Deletes a key, whether there is one or not. Resolves when that is acknowledged. @throws {ProtocolError} as `set` */
  async delete(key: BytesLike, options: DeleteOptions = {}): Promise<TableWrite> {
    return this.#write(this.#name(key), undefined, options);
  }

  async #write(key: Uint8Array, value: Uint8Array | undefined, options: WriteOptions): Promise<TableWrite> {
    const { network, nodeId } = this.#requests;
    if (this.#ownerId !== undefined && !equalBytes(this.#ownerId, nodeId))
      throw misuse("only its owner writes an owned key; write to table.owned() of this node, or to a shared key");
    const isTombstone = value === undefined;
    const how = checkWrite(options, network);
    const isRefreshed = how.isRefreshed && !isTombstone;
    const wish = { kind: this.#kind, key, value: value ?? none, isTombstone, ...how, isRefreshed };
    return writeOf(await this.#requests.run("stored", (engine) => engine.put(wish), options.signal));
  }

  /**
   * The value of a key, or `undefined` when there is none: section 8.5. The caller's own.
   * @throws {ProtocolError} MISUSE; UNREACHABLE when no group answers; STALE when only older values are found than was read or
   * written here before; CLOSED
   */
  async get(key: BytesLike, options: WaitOptions = {}): Promise<Uint8Array | undefined> {
    return (await this.entry(key, options))?.value;
  }

  /** Like `get`, with who wrote it, when, and what each group said. @throws {ProtocolError} as `get` */
  async entry(key: BytesLike, { signal }: WaitOptions = {}): Promise<TableReading | undefined> {
    const whole = this.#whole(key);
    const { record, groups } = await this.#requests.run("got", (engine) => engine.get(this.#kind, whole), signal);
    return record === undefined ? undefined : { ...entryOf(record), groups };
  }

  /** Whether a key has a value. @throws {ProtocolError} as `get` */
  async has(key: BytesLike, options: WaitOptions = {}): Promise<boolean> {
    return (await this.entry(key, options)) !== undefined;
  }

  /**
   * Reads a value, and writes what `change` makes of it; `undefined` deletes it, or leaves nothing. Does so again when somebody
   * else's write was newer. It is no lock: of two that update in the same moment, one may be lost.
   * @throws {ProtocolError} as `get` and `set`; BUSY when others were newer sixteen times; whatever `change` throws
   */
  async update(
    key: BytesLike,
    change: (value: Uint8Array | undefined) => BytesLike | undefined | Promise<BytesLike | undefined>,
    options: WriteOptions = {},
  ): Promise<Uint8Array | undefined> {
    const name = this.#name(key);
    for (let tries = 0; tries < mostTries; tries++) {
      const before = await this.get(name, options);
      const next = await change(before);
      if (next === undefined && before === undefined) return undefined;
      const value = next === undefined ? undefined : checkValue(next, this.#requests.network);
      const { newer, entry } = await this.#write(name, value, options);
      if (newer === undefined) return entry.value;
    }
    throw new ProtocolError("BUSY", `others wrote the key ${mostTries} times meanwhile; try again later`, {
      origin: "local",
    });
  }

  /** Reads a value and deletes it; `undefined` when there is none. @throws {ProtocolError} as `get` and `set` */
  async pop(key: BytesLike, options: DeleteOptions = {}): Promise<Uint8Array | undefined> {
    const name = this.#name(key);
    const value = await this.get(name, options);
    if (value !== undefined) await this.#write(name, undefined, options);
    return value;
  }

  /**
   * The keys that there are: section 8.6. Goes around the whole ring: for tools and small networks. What is written meanwhile
   * may be missing.
   * @throws {ProtocolError} UNREACHABLE when a part of the ring cannot be reached; CLOSED
   */
  async *keys({ signal }: WaitOptions = {}): AsyncIterableIterator<Uint8Array> {
    const { keys } = await this.#requests.run("listed", (engine) => engine.keys(), signal);
    for (const { kind, key } of keys) {
      if (kind !== this.#kind) continue;
      if (this.#ownerId === undefined) yield key.slice();
      else if (equalBytes(this.#ownerId, key.subarray(0, nodeIdBytes))) yield key.slice(nodeIdBytes);
    }
  }

  /** Keys with their values, as `keys` and `get` find them. @throws {ProtocolError} as they */
  async *entries(options: WaitOptions = {}): AsyncIterableIterator<[key: Uint8Array, value: Uint8Array]> {
    for await (const key of this.keys(options)) {
      const value = await this.get(key, options);
      if (value !== undefined) yield [key, value];
    }
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<[key: Uint8Array, value: Uint8Array]> {
    return this.entries();
  }

  /**
   * Tells of each new record of a key from now on, until the loop is left, the signal aborts or the node closes: section 8.8.
   * One without a value has deleted the key.
   * @throws {ProtocolError} MISUSE, CLOSED
   */
  watch(key: BytesLike, { signal }: WaitOptions = {}): AsyncIterableIterator<TableEntry> {
    return this.#requests.watch(this.#kind, this.#whole(key), signal);
  }
}

/** The table: shared keys at once, owned and immutable ones through `owned` and `put`. Held by `node.table`. */
export class NodeTable extends TableView {
  readonly #requests: TableRequests;

  /** @internal */
  constructor(owner: TableOwner) {
    const requests = new TableRequests(owner);
    super(requests);
    this.#requests = requests;
  }

  /**
   * Keys that one node alone can write, and all can read.
   * @param owner whose they are. @defaultValue this node
   * @throws {ProtocolError} BAD_TEXT, BAD_KEY for what is no node id
   */
  owned(owner: NodeIdLike = this.#requests.nodeId): TableView {
    return new TableView(this.#requests, checkId(owner));
  }

  /** Stores a value under its own hash, where nobody can change it; `entry.key` is the hash. @throws {ProtocolError} as `set` */
  async put(value: BytesLike, options: WriteOptions = {}): Promise<TableWrite> {
    const { network } = this.#requests;
    const how = checkWrite(options, network);
    const wish = { kind: KeyKind.IMMUTABLE, key: none, value: checkValue(value, network), isTombstone: false, ...how };
    return writeOf(await this.#requests.run("stored", (engine) => engine.put(wish), options.signal));
  }

  /** The value with a hash that `put` has answered, or `undefined`. @param hash 32 bytes. @throws {ProtocolError} as `get` */
  async fetch(hash: Uint8Array, { signal }: WaitOptions = {}): Promise<Uint8Array | undefined> {
    const key = checkKey(hash, 0);
    if (key.length !== 32) throw misuse(`a hash of ${key.length} bytes; it has 32`);
    const { record } = await this.#requests.run("got", (engine) => engine.get(KeyKind.IMMUTABLE, key), signal);
    return record?.value.slice();
  }

  /** All keys of all kinds and owners, in no order. @throws {ProtocolError} as `keys` */
  async *list({ signal }: WaitOptions = {}): AsyncIterableIterator<Pick<TableEntry, "kind" | "key" | "writer">> {
    const { keys } = await this.#requests.run("listed", (engine) => engine.keys(), signal);
    for (const { kind, key } of keys) {
      if (kind === KeyKind.OWNED)
        yield { kind: "owned", key: key.slice(nodeIdBytes), writer: key.slice(0, nodeIdBytes) };
      else yield { kind: kind === KeyKind.SHARED ? "shared" : "immutable", key: key.slice() };
    }
  }

  /** @internal */
  receive(event: RequestEvent): void {
    this.#requests.receive(event);
  }

  /** @internal */
  end(): void {
    this.#requests.end();
  }
}
