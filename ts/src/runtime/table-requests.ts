// Requests to the table as promises, and changes of watched keys as they come: what all views of the table share.

import { equalBytes } from "../bytes/index.js";
import type { NodeEvent, RequestEvent, TableService } from "../engine/index.js";
import type { Network } from "../identity/index.js";
import { PendingRequests, type RequestsOwner } from "./pending-requests.js";
import { entryOf, type TableEntry } from "./table-view.js";

export interface TableOwner extends RequestsOwner<TableService> {
  readonly network: Network;
  /** This node. */
  readonly nodeId: Uint8Array;
  events(options: { readonly signal?: AbortSignal }): AsyncIterableIterator<NodeEvent>;
}

type Outcome<T extends RequestEvent["type"]> = Extract<RequestEvent, { type: T }>;

export class TableRequests {
  readonly #owner: TableOwner;
  readonly #pending: PendingRequests<TableService>;

  constructor(owner: TableOwner) {
    this.#owner = owner;
    this.#pending = new PendingRequests(owner, (engine, request) => engine.giveUp(request));
  }

  get network(): Network {
    return this.#owner.network;
  }

  get nodeId(): Uint8Array {
    return this.#owner.nodeId;
  }

  /** Makes a request, and waits for its outcome. */
  async run<T extends "stored" | "got" | "listed">(
    type: T,
    start: (engine: TableService) => number,
    signal: AbortSignal | undefined,
  ): Promise<Outcome<T>> {
    const outcome = await this.#pending.run(start, signal);
    if (outcome.type !== type) throw new Error("an outcome of another request");
    return outcome as Outcome<T>;
  }

  /** Changes of a key from now on; ends when the node closes or the signal aborts. */
  watch(kind: number, key: Uint8Array, signal: AbortSignal | undefined): AsyncIterableIterator<TableEntry> {
    const engine = this.#owner.engine();
    const keyId = engine.keyIdOf(kind, key);
    const events = this.#owner.events(signal === undefined ? {} : { signal });
    const end = engine.watch(keyId);
    this.#owner.drain();
    const stop = (): void => {
      end();
      this.#owner.drain();
    };
    return changesOf(events, keyId, stop);
  }

  receive(event: RequestEvent): void {
    this.#pending.settle(event);
  }

  end(): void {
    this.#pending.close();
  }
}

async function* changesOf(
  events: AsyncIterableIterator<NodeEvent>,
  keyId: Uint8Array,
  stop: () => void,
): AsyncIterableIterator<TableEntry> {
  try {
    for await (const event of events) {
      if (event.type === "changed" && equalBytes(event.record.keyId, keyId)) yield entryOf(event.record);
    }
  } finally {
    stop();
  }
}
