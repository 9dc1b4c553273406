// A ring of members of several testees that hold one table: each writes keys of every kind, all others read them, overwrite and
// delete what another implementation has written, and go on reading while one leaves and after one has died. Plays no peer
// itself: here the ports meet each other.
import {
  describe,
  encodeDescriptor,
  fromHex,
  IMMUTABLE,
  networkIdOf,
  OWNED,
  ringPositionOf,
  sha256,
  SHARED,
  toHex,
  utf8,
  type Bytes,
} from "../golden/index.js";
import type { Testee } from "../link/index.js";
import type { Scheme } from "../node/index.js";
import { Member } from "./member.js";

export interface TableOptions {
  /** The first one's node founds the ring; one of the second leaves it, and one of the first dies. */
  readonly testees: readonly Testee[];
  /** Members that each testee runs. */
  readonly nodesEach: number;
  readonly transport: Scheme;
  /** Keys of each kind that each member writes. */
  readonly keys: number;
  readonly patienceMs: number;
}

/** What was done, and what was wrong. */
export interface TableOutcome {
  readonly members: number;
  readonly writes: number;
  readonly reads: number;
  readonly readsWhileLeaving: number;
  readonly complaints: readonly string[];
}

/** A key, and what is to be read under it; nothing when it was deleted. */
interface Key {
  readonly kind: number;
  /** As a writer names it. */
  readonly name: string;
  /** As a reader names it. */
  readonly whole: string;
  readonly owner: Member;
  value: string | undefined;
  /** Node id; of an immutable one the empty text. */
  writer: string;
}

/** Rounds that tests can wait for. */
const LIMITS = { PEERS_TARGET: "0", RING_STABILIZE_MS: "500", RING_STABILIZE_QUIET_MS: "1000", SYNC_MS: "2000" };
const TTL_MS = "3600000";
const PAUSE_MS = 250;

const hexOf = (text: string): string => toHex(utf8(text));
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

export class TableStage {
  readonly #options: TableOptions;
  readonly #descriptor: Bytes = encodeDescriptor(describe("motet-interop-table", { policy: 0 }));
  readonly #complaints: string[] = [];
  readonly #keys: Key[] = [];
  #members: Member[] = [];
  #writes = 0;
  #reads = 0;
  #readsWhileLeaving = 0;

  constructor(options: TableOptions) {
    this.#options = options;
  }

  /** Lets it all happen, and stops all nodes. */
  async run(): Promise<TableOutcome> {
    await this.#start();
    const members = this.#members.length;
    await Promise.all(this.#members.map((member, i) => this.#writeOwn(member, i)));
    await this.#readAll("after the writes");
    await this.#change();
    await this.#readAll("after changes and deletes");
    await Promise.all(this.#members.map((member) => this.#list(member)));
    await this.#leave(this.#members[1] as Member);
    await this.#die(this.#members[1] as Member);
    for (const testee of this.#options.testees) await testee.request("reset", {});
    const [writes, reads, readsWhileLeaving] = [this.#writes, this.#reads, this.#readsWhileLeaving];
    return { members, writes, reads, readsWhileLeaving, complaints: this.#complaints };
  }

  async #start(): Promise<void> {
    const { testees, nodesEach, transport, patienceMs } = this.#options;
    const plan = { network: toHex(this.#descriptor), transport, limits: LIMITS, patienceMs };
    for (let index = 0; index < nodesEach * testees.length; index++) {
      const member = await Member.start(testees[index % testees.length] as Testee, { index, ...plan });
      const [founder] = this.#members;
      const contacts = founder === undefined ? [] : [founder.address];
      await member.tell("node.ring", { how: founder === undefined ? "found" : "join", contacts });
      this.#members.push(member);
    }
    const end = Date.now() + patienceMs;
    while (!(await this.#isRing())) {
      if (Date.now() >= end) throw new Error(`no ring of ${this.#members.length} nodes after ${patienceMs} ms`);
      await pause();
    }
  }

  /** Whether each member finds each. */
  async #isRing(): Promise<boolean> {
    const networkId = networkIdOf(this.#descriptor);
    for (const asker of this.#members) {
      for (const { nodeId } of this.#members) {
        const target = toHex(ringPositionOf(networkId, fromHex(nodeId)));
        const { event, peer } = await asker.ask("node.lookup", { target, contact: "" });
        if (event !== "owner" || peer !== nodeId) return false;
      }
    }
    return true;
  }

  // ---- Writing ----

  async #writeOwn(owner: Member, index: number): Promise<void> {
    for (let i = 0; i < this.#options.keys; i++) {
      const value = hexOf(`value ${i} of ${index}`);
      const [shared, owned] = [hexOf(`key ${i} of ${index}`), hexOf(`name ${i}`)];
      const common = { owner, value, writer: owner.nodeId };
      const keys: Key[] = [
        { kind: SHARED, name: shared, whole: shared, ...common },
        { kind: OWNED, name: owned, whole: `${owner.nodeId}${owned}`, ...common },
        { kind: IMMUTABLE, name: "", whole: toHex(sha256(fromHex(value))), ...common, writer: "" },
      ];
      for (const key of keys) await this.#write(owner, key, value);
      this.#keys.push(...keys);
    }
  }

  /** @param value nothing to delete it. */
  async #write(member: Member, { kind, name }: Key, value: string | undefined): Promise<void> {
    this.#writes++;
    const what = `${value === undefined ? "delete" : "put"} of ${kind} ${name} by ${member.name}`;
    const told =
      value === undefined
        ? await member.ask("node.delete", { kind, key: name })
        : await member.ask("node.put", { kind, key: name, value, ttlMs: TTL_MS });
    const { event, code, groups, nodes, newer } = told;
    if (event !== "stored") return this.#complain(`${what}: ${event} ${String(code)}`);
    const enough = Math.min(5, this.#members.length);
    if (Number(groups) < 3 || Number(nodes) < enough)
      this.#complain(`${what}: acknowledged with ${String(groups)} groups and ${String(nodes)} nodes`);
    if (newer === true) this.#complain(`${what}: lost to a newer record that nobody has written`);
  }

  /** Each shared key is written anew by the member behind its writer, each owned one by its owner; every other one is deleted. */
  async #change(): Promise<void> {
    const changed = this.#keys.filter(({ kind }) => kind !== IMMUTABLE);
    for (const [i, key] of changed.entries()) {
      const at = this.#members.indexOf(key.owner);
      const next = this.#members[(at + 1) % this.#members.length] as Member;
      const member = key.kind === SHARED ? next : key.owner;
      const value = i % 4 < 2 ? hexOf(`changed ${i}`) : undefined;
      await this.#write(member, key, value);
      Object.assign(key, { value, writer: member.nodeId });
    }
  }

  // ---- Reading ----

  /** Every member reads every key. @param patienceMs how long a read is tried again. */
  async #readAll(when: string, patienceMs = 0): Promise<void> {
    await Promise.all(
      this.#members.map(async (reader) => {
        for (const key of this.#keys) await this.#read(reader, key, when, Date.now() + patienceMs);
      }),
    );
  }

  async #read(reader: Member, key: Key, when: string, until: number): Promise<void> {
    for (;;) {
      this.#reads++;
      const { kind, whole, value = "", writer } = key;
      const got = await reader.ask("node.get", { kind, key: whole });
      const isFound = key.value !== undefined;
      const isRight =
        got.event === "got" &&
        got["found"] === isFound &&
        got["value"] === value &&
        (!isFound || got["writer"] === writer);
      if (isRight) return;
      if (Date.now() >= until)
        return this.#complain(
          `${when} ${reader.name} reads ${JSON.stringify(got)} under ${kind} ${whole}, not "${value}"`,
        );
      await pause();
    }
  }

  async #list(member: Member): Promise<void> {
    const { event, keys } = await member.ask("node.keys", {});
    const there = this.#keys.filter(({ value }) => value !== undefined);
    const expected = there.map(({ kind, whole }) => `0${kind}${whole}`).toSorted();
    if (event !== "listed" || JSON.stringify(keys) !== JSON.stringify(expected))
      this.#complain(`${member.name} lists ${JSON.stringify(keys)}, not ${JSON.stringify(expected)}`);
  }

  // ---- Leaving and dying ----

  /** All others read on and on until it has left, and once more: none of the reads may fail. */
  async #leave(leaver: Member): Promise<void> {
    this.#members = this.#members.filter((member) => member !== leaver);
    const before = this.#reads;
    const untilLeft = this.#hearLeft(leaver);
    await leaver.tell("node.ring", { how: "leave", contacts: [] });
    for (let hasLeft = false; !hasLeft; hasLeft = await Promise.race([untilLeft, Promise.resolve(false)]))
      await this.#readAll(`while ${leaver.name} leaves`);
    await this.#readAll(`after ${leaver.name} has left`);
    this.#readsWhileLeaving = this.#reads - before;
  }

  async #hearLeft(leaver: Member): Promise<true> {
    const event = await leaver.hear((one) => one.event === "left");
    if (event === undefined) this.#complain(`${leaver.name} does not tell that it has left`);
    return true;
  }

  /** It stops without leaving; the others may need a moment. */
  async #die(member: Member): Promise<void> {
    this.#members = this.#members.filter((other) => other !== member);
    await member.tell("node.stop");
    await this.#readAll(`after ${member.name} has stopped`, this.#options.patienceMs);
  }

  #complain(text: string): void {
    this.#complaints.push(text);
  }
}
