// GET as a member answers it: section 8.5. What lies here is answered whoever owns the position; that nothing lies here says only
// its owner, and while its arc is not complete not before the one behind it was asked.

import type { KeeperCore } from "./keeper-core.js";
import { owns } from "./own-arc.js";
import type { TableRecord } from "../../identity/index.js";
import type { Contact } from "../contact.js";
import type { Position } from "../position.js";
import type { Get } from "./table-types.js";

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
      else this.#answer(request, record);
    });
  }

  #answer(request: number, record: TableRecord | undefined): void {
    // r[get.answer] mutate: `record }` => `record: undefined }`
    this.#core.answer(request, { command: "GET", record });
  }

  #miss(request: number, get: Get): void {
    const { snapshot, context } = this.#core;
    const position = context.positionOf(get.keyId, get.position);
    const isComplete = this.#isCompleteAt(position);
    const isOwner = snapshot !== undefined && owns(snapshot, position);
    // r[get.incomplete]
    if (!isOwner && !isComplete) return this.#core.refuse(request, "BUSY", "the arc is not complete yet");
    // r[get.other]
    if (!isOwner) return this.#core.refuse(request, "NOT_OWNER", "the position belongs to another node");
    // r[get.through.order] mutate: `this.#sources()` => `snapshot.successors`
    // r[get.through]
    if (!isComplete) return this.#readThrough(request, get, { list: this.#sources(), isWord: true });
    this.#none(request);
  }

  #none(request: number): void {
    // r[get.none]
    this.#core.answer(request, { command: "GET", record: undefined });
  }

  /** @param isWord nobody that may have it was passed by: that the next one holds nothing says that there is nothing. */
  #readThrough(
    request: number,
    get: Get,
    { list, isWord }: { readonly list: readonly Contact[]; readonly isWord: boolean },
  ): void {
    const [source, ...others] = list;
    // r[get.incomplete] also
    if (source === undefined) return this.#core.refuse(request, "BUSY", "nobody has the arc complete");
    this.#core.ask(source, get, (answer, code) => {
      if (answer?.command === "GET") this.#answer(request, answer.record);
      // It does not hold it, and owns the position no more.
      else if (code === "NOT_OWNER" && isWord) this.#none(request);
      // Whoever is busy may have it yet; whoever has come after this node never had.
      else this.#readThrough(request, get, { list: others, isWord: isWord && code !== "BUSY" });
    });
  }
}
