// GET as a member answers it: section 8.5. What lies here is answered whoever owns the position; that nothing lies here says only
// its owner. While its arc is not complete, neither is said before those behind it were asked.

import type { KeeperCore } from "./keeper-core.js";
import { owns } from "./own-arc.js";
import type { TableRecord } from "../../identity/index.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import type { Get } from "./table-types.js";
import { compareVersions } from "./versions.js";

/** What others hold under a key, as far as it can be known now. */
type Found = TableRecord | "nothing" | "unknown";

export class GetService {
  readonly #core: KeeperCore;
  /** Whether all records are here that this node asked for when it came to own a position. */
  readonly #isCompleteAt: (position: Position) => boolean;
  /** Who may have what is not complete here, whoever had it first of all. */
  readonly #sources: () => readonly Contact[];

  constructor(core: KeeperCore, isCompleteAt: (position: Position) => boolean, sources: () => readonly Contact[]) {
    this.#core = core;
    this.#isCompleteAt = isCompleteAt;
    this.#sources = sources;
  }

  receive(request: number, get: Get, now: number): void {
    // r[get.position]
    if (get.position >= this.#core.context.shape.tables)
      return this.#core.refuse(request, "MISUSE", "there are fewer positions");
    const held = this.#core.findLive(get.keyId, now);
    if (held === undefined) return this.#miss(request, get);
    this.#core.read([get.keyId], ([record]) => {
      if (record === undefined) this.#miss(request, get);
      else this.#found(request, get, record);
    });
  }

  #isOwner(position: Position): boolean {
    const { snapshot } = this.#core;
    return snapshot !== undefined && owns(snapshot, position);
  }

  #found(request: number, get: Get, own: TableRecord): void {
    const position = this.#core.context.positionOf(get.keyId, get.position);
    // r[get.through.newer]
    if (this.#isOwner(position) && !this.#isCompleteAt(position)) return this.#readThrough(request, get, own);
    this.#answer(request, own);
  }

  #answer(request: number, record: TableRecord | undefined): void {
    // r[get.answer] mutate: `record }` => `record: undefined }`
    this.#core.answer(request, { command: "GET", record });
  }

  #miss(request: number, get: Get): void {
    const position = this.#core.context.positionOf(get.keyId, get.position);
    const isComplete = this.#isCompleteAt(position);
    const isOwner = this.#isOwner(position);
    // r[get.incomplete]
    if (!isOwner && !isComplete) return this.#core.refuse(request, "BUSY", "the arc is not complete yet");
    // r[get.other]
    if (!isOwner) return this.#core.refuse(request, "NOT_OWNER", "the position belongs to another node");
    // r[get.through]
    if (!isComplete) return this.#readThrough(request, get, undefined);
    this.#none(request);
  }

  #none(request: number): void {
    // r[get.none]
    this.#core.answer(request, { command: "GET", record: undefined });
  }

  /** Asks those who may have more of the arc. @param own what lies here, which may be old. */
  #readThrough(request: number, get: Get, own: TableRecord | undefined): void {
    // r[get.through.order] mutate: `this.#sources()` => `this.#core.snapshot.successors`
    this.#askOn(this.#sources(), get, true, (found) => {
      const isNewer = typeof found === "object" && (own === undefined || compareVersions(found, own) > 0);
      if (isNewer) return this.#answer(request, found);
      if (own !== undefined) return this.#answer(request, own);
      // r[get.incomplete] also
      if (found === "unknown") return this.#core.refuse(request, "BUSY", "nobody has the arc complete");
      this.#none(request);
    });
  }

  /** @param isWord nobody that may have it was passed by: that the next one holds nothing says that there is nothing. */
  #askOn([source, ...others]: readonly Contact[], get: Get, isWord: boolean, done: (found: Found) => void): void {
    if (source === undefined) return done("unknown");
    this.#core.ask(source, get, (answer, code) => {
      if (answer?.command === "GET") done(answer.record ?? "nothing");
      // It does not hold it, and owns the position no more.
      else if (code === "NOT_OWNER" && isWord) done("nothing");
      // Whoever is busy may have it yet; whoever has come after this node never had.
      else this.#askOn(others, get, isWord && code !== "BUSY", done);
    });
  }
}
