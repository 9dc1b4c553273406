// What a scenario remembers by name: bytes, tags, requests, listeners. Knows nothing of what they are for.
import type { CarrierListener } from "./carrier/index.js";
import type { Frame } from "../golden/index.js";
import type { MadeRecord, TableKey } from "./table-values.js";

/** An answer that is waited for. */
export interface LaterAnswer {
  readonly answer: Promise<Frame>;
  isThere: boolean;
}

/** Names that a scenario gave. */
export class Notebook {
  /** Bytes in hex. */
  readonly bytes = new Map<string, string>();
  readonly tags = new Map<string, number>();
  /** Sequences made of the clock. */
  readonly sequences = new Map<string, bigint>();
  /** Numbers of requests in link/1, and the node that made them. */
  readonly requests = new Map<string, { readonly node: number; readonly request: number }>();
  /** How much the application said before it was told to wait. */
  pressed = 0;
  /** Keys and records of the table. */
  readonly tableKeys = new Map<string, TableKey>();
  readonly tableRecords = new Map<string, MadeRecord>();
  /** Names of those who wrote them. */
  readonly tableWriters = new Map<string, string>();
  readonly later = new Map<string, LaterAnswer>();
  readonly listeners = new Map<string, CarrierListener>();

  kept(name: string): string {
    return found(this.bytes, name, "kept bytes");
  }

  tag(name: string): number {
    return found(this.tags, name, "kept tag");
  }

  request(name: string): { readonly node: number; readonly request: number } {
    return found(this.requests, name, "request");
  }

  tableRecord(name: string): MadeRecord {
    return found(this.tableRecords, name, "record of the table");
  }

  answer(name: string): LaterAnswer {
    return found(this.later, name, "answer to wait for");
  }

  listener(name: string): CarrierListener {
    return found(this.listeners, name, "listener");
  }

  close(): void {
    for (const listener of this.listeners.values()) listener.close();
  }
}

function found<T>(map: ReadonlyMap<string, T>, name: string, what: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`the scenario has no ${what} ${name}`);
  return value;
}
