// A network of members that store, in memory: rings as in ring-network.ts, and over them keepers whose requests are delivered in
// the order in which they were made, at once. Clients look up through any member.

import {
  Keeper,
  Lister,
  Mender,
  Reader,
  VersionsSeen,
  Writer,
  type Asker,
  type ClientOutput,
  type Contact,
  type KeeperOutput,
  type KeyName,
  type Position,
  type Refusal,
  type TableAnswer,
  type TableRequest,
  type WriteResult,
} from "../../src/chord/index.js";
import type { TableRecord } from "../../src/identity/index.js";
import { MemoryShelf } from "./memory-shelf.js";
import { RingNetwork, type Member } from "./ring-network.js";
import { keyIdAt, keyPositionAt, tableLimits, tableShape } from "./table-records.js";

export interface Storing {
  readonly member: Member;
  readonly keeper: Keeper;
  readonly shelf: MemoryShelf;
  /** CHANGED that it sent. */
  readonly changed: { readonly to: string; readonly record: TableRecord }[];
  snapshot: unknown;
  hasHanded: boolean;
  /** It answers nothing about the table. */
  isSilent: boolean;
}

type Client = Writer | Reader | Lister | Mender;
type Done = (answer: TableAnswer | undefined, code: Refusal) => void;

export const context = { limits: tableLimits, shape: tableShape, positionOf: keyPositionAt };

export class TableNetwork {
  readonly rings = new RingNetwork(tableShape.successors);
  readonly #nodes = new Map<string, Storing>();
  readonly #queue: (() => void)[] = [];
  readonly #waiting = new Map<string, Done>();
  readonly #clients = new Set<Client>();
  #request = 1;
  readonly #limits: typeof tableLimits;

  constructor(limits: Partial<typeof tableLimits> = {}) {
    this.#limits = { ...tableLimits, ...limits };
  }

  get now(): number {
    return this.rings.now;
  }

  /** Members that are up. */
  get up(): Storing[] {
    return Array.from(this.#nodes.values()).filter(({ member }) => member.isUp && !member.hasLeft);
  }

  /** A member with a store, which does nothing yet. */
  add(place: number, shelf = new MemoryShelf(), incarnation = 1n): Storing {
    const member = this.rings.add(place, incarnation);
    const keeper = new Keeper({ ...context, limits: this.#limits, self: member.contact });
    keeper.load(Array.from(shelf.infos.values()), this.now);
    const node = { member, keeper, shelf, changed: [], snapshot: undefined, hasHanded: false, isSilent: false };
    this.#nodes.set(member.contact.key, node);
    return node;
  }

  /** A ring of members at places, quiet. */
  ring(...places: readonly number[]): Storing[] {
    const nodes = places.map((place) => this.add(place));
    const [first, ...others] = nodes;
    if (first === undefined) return [];
    this.rings.tell(first.member, (ring, now) => ring.found(now));
    for (const { member } of others) this.join(member, first.member);
    this.run(120_000);
    return nodes;
  }

  join(member: Member, through: Member): void {
    this.rings.tell(member, (ring, now) => ring.join([through.contact], now));
    this.run(1_000);
  }

  /** Takes nodes down at once. */
  crash(...nodes: readonly Storing[]): void {
    for (const { member } of nodes) member.isUp = false;
    for (const { member } of this.up) {
      // Their sessions end.
      this.rings.tell(member, (ring, now) => nodes.forEach((node) => ring.suspect(node.member.contact, now)));
    }
  }

  #drain(node: Storing): void {
    for (let output = node.keeper.poll(); output !== undefined; output = node.keeper.poll()) this.#carry(node, output);
  }

  #carry(node: Storing, output: KeeperOutput): void {
    const { keeper, shelf, member } = node;
    switch (output.type) {
      case "write":
        shelf.write(output.write);
        return this.#later(node, () => keeper.written(output.handle, undefined, this.now));
      case "read":
        return this.#later(node, () => keeper.wasRead(output.handle, shelf.read(output.keyIds), this.now));
      case "changed":
        node.changed.push(output);
        return;
      case "gained":
      case "lost":
        return;
      case "handed":
        node.hasHanded = true;
        return;
      case "answer":
      case "refuse": {
        const name = `${member.contact.key}:${output.request}`;
        const done = this.#waiting.get(name);
        this.#waiting.delete(name);
        if (output.type === "answer") done?.(output.answer, undefined);
        else done?.(undefined, output.code);
        return;
      }
      case "check": {
        const mender = new Mender(context, new VersionsSeen(1), output);
        return this.#begin(node, mender, () => {
          this.#later(node, () => keeper.checked(output.handle, this.now));
        });
      }
      case "ask":
        return this.ask(output.to, output.request, member.contact.key, (answer, code) => {
          if (!member.isUp) return;
          if (answer === undefined) keeper.failed(output.handle, code, this.now);
          else keeper.answered(output.handle, answer, this.now);
          this.#drain(node);
        });
    }
  }

  #later(node: Storing, input: () => void): void {
    this.#queue.push(() => {
      if (!node.member.isUp) return;
      input();
      this.#drain(node);
    });
  }

  /** Asks a node: later, never at once. */
  ask(to: Contact, request: TableRequest, from: string, done: Done): void {
    const asker: Asker = { key: from, prefix: `prefix ${from}`, receiveBytes: 1_048_576 };
    this.#queue.push(() => {
      const node = this.#nodes.get(to.key);
      const isThere = node !== undefined && node.member.isUp && !node.member.hasLeft;
      if (!isThere) return done(undefined, undefined);
      if (node.isSilent) return;
      const number = this.#request++;
      this.#waiting.set(`${to.key}:${number}`, done);
      node.keeper.receive(number, asker, request, this.now);
      this.#drain(node);
    });
  }

  /** Delivers what is under way; the rings are told. */
  settle(): void {
    do {
      this.rings.settle();
      for (const node of this.up) {
        const snapshot = node.member.ring.snapshot();
        if (snapshot === node.snapshot) continue;
        node.snapshot = snapshot;
        node.keeper.ringChanged(snapshot, this.now);
        this.#drain(node);
      }
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    } while (this.up.some(({ member, snapshot }) => member.ring.snapshot() !== snapshot));
  }

  /** Lets time pass. */
  run(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      this.settle();
      const rings = this.up.map(({ member }) => member.ring.deadline);
      const keepers = this.up.map(({ keeper }) => keeper.deadline);
      const clients = Array.from(this.#clients, (client) => client.deadline);
      const due = Math.min(...rings, ...keepers, ...clients);
      if (due > until) break;
      this.rings.run(Math.max(0, due - this.now));
      for (const client of this.#clients) if (client.deadline <= this.now) client.wake(this.now);
      for (const pump of Array.from(this.#pumps.values())) pump();
      for (const node of this.up) {
        if (node.keeper.deadline > this.now) continue;
        node.keeper.wake(this.now);
        this.#drain(node);
      }
    }
    this.rings.run(until - this.now);
    this.settle();
  }

  readonly #pumps = new Map<Client, () => void>();

  #begin(
    at: Storing,
    client: Client,
    ended: () => void,
    tell: (output: { readonly type: string }) => void = () => undefined,
  ): void {
    const pump = (): void => {
      for (let output = client.poll(); output !== undefined; output = client.poll()) {
        if (output.type === "lookup" || output.type === "ask") this.#carryClient(at, client, output, pump);
        else tell(output);
      }
      if (client.isDone && this.#clients.delete(client)) {
        this.#pumps.delete(client);
        ended();
      }
    };
    this.#clients.add(client);
    this.#pumps.set(client, pump);
    client.begin(this.now);
    pump();
  }

  #carryClient(at: Storing, client: Client, output: ClientOutput, pump: () => void): void {
    const { handle } = output;
    if (output.type === "lookup") {
      this.#queue.push(() => {
        const result = this.rings.lookUp(at.member, placeOf(output.target));
        if (result === undefined) client.lost(handle, this.now);
        else client.found(handle, result.owners.slice(result.owners.indexOf(result.owner)), this.now);
        pump();
      });
      return;
    }
    this.ask(output.to, output.request, at.member.contact.key, (answer, code) => {
      if (answer === undefined) client.failed(handle, code, this.now);
      else client.answered(handle, answer, this.now);
      pump();
    });
  }

  /** Writes through a member. Undefined: not acknowledged. */
  write(at: Storing, record: TableRecord, seen = new VersionsSeen(16)): WriteResult | undefined {
    let stored: WriteResult | undefined;
    this.#begin(
      at,
      new Writer(context, seen, { record }),
      () => undefined,
      (output) => {
        if (output.type === "stored") stored = (output as unknown as { readonly result: WriteResult }).result;
      },
    );
    this.run(8_000);
    return stored;
  }

  /** Reads through a member: a record, undefined for nothing, or a code. */
  read(at: Storing, key = 1, seen = new VersionsSeen(16)): TableRecord | string | undefined {
    let got: TableRecord | string | undefined = "nothing told";
    const reader = new Reader(context, seen, { kind: 1, keyId: keyIdAt(key) });
    const tell = (output: { readonly type: string }): void => {
      const told = output as { readonly record?: TableRecord; readonly code?: string };
      got = told.record ?? told.code;
    };
    this.#begin(at, reader, () => undefined, tell);
    this.run(8_000);
    return got;
  }

  /** Lists all keys through a member. */
  list(at: Storing): number[] {
    const keys: number[] = [];
    const keyIdOf = (_kind: number, key: Uint8Array): Uint8Array => keyIdAt(key[0] ?? 0);
    const lister = new Lister({ ...context, keyIdOf }, at.member.contact.position);
    const tell = (output: { readonly type: string }): void => {
      const names = (output as { readonly keys?: readonly KeyName[] }).keys ?? [];
      keys.push(...names.map(({ key }) => key[0] ?? 0));
    };
    this.#begin(at, lister, () => undefined, tell);
    this.run(8_000);
    return keys;
  }

  /** Those that hold a record. */
  holders(record: TableRecord): string[] {
    const holding = this.up.filter(({ shelf }) => shelf.read([record.keyId])[0] === record);
    return holding.map(({ member }) => member.contact.key).sort();
  }
}

/** The place of a position, or of the first one behind it. */
function placeOf({ bytes }: Position): number {
  const place = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  return bytes.subarray(2).some((byte) => byte !== 0) ? place + 1 : place;
}
