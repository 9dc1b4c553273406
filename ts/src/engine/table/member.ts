// The member's side of the table in a node: requests of peers and of the node itself to the machine that keeps records, what it
// asks, writes and reads to those who carry it out. Decides nothing about records.

import { formatHex, parseHex } from "../../bytes/index.js";
import {
  Keeper,
  type Asker,
  type Contact,
  type KeeperContext,
  type KeeperOutput,
  type MendWish,
  type RecordInfo,
  type Snapshot,
  type StoreFailure,
  type TableAnswer,
  type TableRequest,
} from "../../chord/index.js";
import { encodeMessage } from "../../codec/index.js";
import { Priority } from "../../framing/index.js";
import { Command, type Code } from "../../gen/registry.js";
import type { TableRecord } from "../../identity/index.js";
import type { PeerRequest, Session } from "../../session/index.js";
import { countedPlaceOf } from "../counted-place.js";
import type { NodeEvent, Output } from "../outputs.js";
import { encodeAnswer } from "./codec.js";
import type { Records } from "./records.js";

/** Hears once, perhaps within the call: an answer, or the code for which there is none; undefined when nobody answers. */
export type TableReplied = (answer: TableAnswer | Code | undefined) => void;

export interface TableMemberContext {
  readonly keeper: KeeperContext;
  readonly records: Records;
  readonly receiveBytes: number;
  readonly ask: (to: Contact, request: TableRequest, done: TableReplied) => void;
  /** Looks at a key and mends what it finds, for nobody. */
  readonly check: (wish: MendWish, done: () => void) => void;
  /** A key that this node watches has changed. */
  readonly changed: (record: TableRecord) => void;
  readonly sessionOf: (nodeId: Uint8Array) => Session | undefined;
  readonly snapshot: () => Snapshot | undefined;
  readonly push: (output: Output) => void;
  readonly emit: (event: NodeEvent) => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** Where the answer to a request goes. */
type Incoming = { readonly session: Session; readonly request: PeerRequest } | { readonly done: TableReplied };

const none = new Uint8Array(0);

export class TableMember {
  readonly #context: TableMemberContext;
  readonly #keeper: Keeper;
  readonly #incoming = new Map<number, Incoming>();
  readonly #handed: (() => void)[] = [];
  #last = 0;
  #snapshot: Snapshot | undefined;
  #isDraining = false;

  constructor(context: TableMemberContext) {
    this.#context = context;
    this.#keeper = new Keeper(context.keeper);
  }

  /** What the store holds; before all else. */
  load(infos: readonly RecordInfo[]): void {
    this.#turn((keeper, now) => keeper.load(infos, now));
  }

  /** The ring's machine has had an input. */
  ringTurned(): void {
    const snapshot = this.#context.snapshot();
    if (snapshot === undefined || snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    this.#turn((keeper, now) => keeper.ringChanged(snapshot, now));
  }

  /** A peer's request; its record, if it has one, was found good. */
  receive(session: Session, request: PeerRequest, what: TableRequest): void {
    const { peer, info, peerLimit } = session;
    const prefix = countedPlaceOf(info.remoteAddress)?.prefix;
    const from = { key: formatHex(peer?.nodeId ?? none), prefix, receiveBytes: peerLimit };
    this.#receive({ session, request }, from, what);
  }

  /** A request of this node itself. */
  receiveOwn(what: TableRequest, done: TableReplied): void {
    const { keeper, receiveBytes } = this.#context;
    this.#receive({ done }, { key: keeper.self.key, prefix: undefined, receiveBytes }, what);
  }

  #receive(incoming: Incoming, from: Asker, what: TableRequest): void {
    const number = ++this.#last;
    this.#incoming.set(number, incoming);
    this.#turn((keeper, now) => keeper.receive(number, from, what, now));
  }

  /** Gives what is owned to others before the node leaves. */
  leave(done: () => void): void {
    this.#handed.push(done);
    this.#turn((keeper, now) => keeper.leave(now));
  }

  /** A session has ended: nobody waits for its answers. */
  ended(session: Session): void {
    for (const [number, incoming] of this.#incoming) {
      if (!("session" in incoming) || incoming.session !== session) continue;
      this.#incoming.delete(number);
      this.#keeper.giveUp(number);
    }
  }

  /** A node is no peer any more. */
  forget(key: string): void {
    this.#turn((keeper) => keeper.forget(key));
  }

  /** A `store` output was carried out. */
  stored(handle: number, failure: StoreFailure | undefined): void {
    this.#turn((keeper, now) => keeper.written(handle, failure, now));
  }

  /** A `fetch` output was carried out. */
  fetched(handle: number, all: readonly (Uint8Array | undefined)[]): void {
    const decoded = all.map((bytes) => (bytes === undefined ? undefined : this.#context.records.decode(bytes)));
    const records = decoded.map((record) => (typeof record === "string" ? undefined : record));
    this.#turn((keeper, now) => keeper.wasRead(handle, records, now));
  }

  #turn(run: (keeper: Keeper, now: number) => void): void {
    run(this.#keeper, this.#context.now());
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let output = this.#keeper.poll(); output !== undefined; output = this.#keeper.poll()) this.#carryOut(output);
    this.#isDraining = false;
  }

  #carryOut(output: KeeperOutput): void {
    switch (output.type) {
      case "ask":
        return this.#ask(output);
      case "answer":
        return this.#answer(output.request, output.answer);
      case "refuse":
        return this.#refuse(output);
      case "changed":
        return this.#tellChanged(output.to, output.record);
      case "write":
        return this.#context.push({ type: "store", handle: output.handle, write: output.write });
      case "read":
        return this.#context.push({ type: "fetch", handle: output.handle, keyIds: output.keyIds });
      case "check":
        return this.#context.check(output, () => this.#turn((keeper, now) => keeper.checked(output.handle, now)));
      case "gained":
      case "lost": {
        const { type, kind, keyId, key } = output;
        return this.#context.emit({ type: `key.${type}`, kind, keyId, key });
      }
      case "handed":
        for (const done of this.#handed.splice(0)) done();
    }
  }

  #ask({ handle, to, request }: Extract<KeeperOutput, { type: "ask" }>): void {
    this.#context.ask(to, request, (answer) =>
      this.#turn((keeper, now) => {
        if (typeof answer === "object") keeper.answered(handle, answer, now);
        else keeper.failed(handle, answer, now);
      }),
    );
  }

  #take(number: number): Incoming | undefined {
    const incoming = this.#incoming.get(number);
    this.#incoming.delete(number);
    return incoming;
  }

  #answer(number: number, answer: TableAnswer): void {
    const incoming = this.#take(number);
    if (incoming === undefined) return;
    if ("done" in incoming) incoming.done(answer);
    else incoming.session.answer(incoming.request, encodeAnswer(answer));
  }

  #refuse({ request, code, text }: Extract<KeeperOutput, { type: "refuse" }>): void {
    const incoming = this.#take(request);
    if (incoming === undefined) return;
    if ("done" in incoming) incoming.done(code);
    else incoming.session.fail(incoming.request, code, text);
  }

  #tellChanged(to: string, record: TableRecord): void {
    if (to === this.#context.keeper.self.key) return this.#context.changed(record);
    const payload = encodeMessage("Changed", { record: record.bytes });
    this.#context.sessionOf(parseHex(to) ?? none)?.send(Priority.CONTROL, Command.CHANGED, 0, 0, payload);
  }

  /** Records held, tombstones too, and their bytes. */
  get size(): { readonly records: number; readonly bytes: number } {
    return this.#keeper.size;
  }

  /** When `wake` is due, unix ms. */
  get deadline(): number {
    return this.#keeper.deadline;
  }

  wake(): void {
    this.#turn((keeper, now) => keeper.wake(now));
  }
}
