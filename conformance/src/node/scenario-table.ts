// Shape of the steps about the table: keys, records, what virtual nodes hold, what the testee is asked, and what its application asks.
// Types only.
import type { ContentOptions } from "./scenario-messaging.js";
import type { PositionSpec } from "./scenario-ring.js";
import type { Step } from "./scenario.js";

export type TableCommand = "PUT" | "GET" | "SCAN" | "SYNC" | "WATCH";

/** Values in messages of the table: parts of a key that a step has made, places of the circle, entries and sums of SYNC. */
export type TableValueSpec =
  | { readonly tableKey: string; readonly part: "id" | "key" | "whole" | number }
  | { readonly circle: PositionSpec }
  | { readonly entry: EntrySpec }
  | { readonly sumOf: readonly string[] }
  /** Keys in the order of their position 0 from the testee's predecessor on, the first ones left out. */
  | { readonly keysInOrder: readonly string[]; readonly skip?: number }
  /** Entries in that order of their own positions. */
  | { readonly entriesInOrder: readonly EntrySpec[]; readonly skip?: number }
  /** Position 0 of the first of these keys. */
  | { readonly firstOf: readonly string[] };

/** An entry of SYNC. */
export interface EntrySpec {
  readonly record: string;
  readonly position: number;
  readonly place: number;
  readonly copies: number;
}

export interface KeyOptions {
  readonly key: string;
  readonly kind?: 1 | 2 | 3;
  /** Owner of a key of kind 2. */
  readonly by?: string;
  /** By number of the position its owner, or `others` for anybody but the testee and those next to it. */
  readonly owned?: Readonly<Record<string, string>>;
  /** The other positions may be anybody's. */
  readonly anywhere?: boolean;
}

export interface TableRecordOptions extends ContentOptions {
  readonly record: string;
  readonly key?: string;
  readonly by?: string;
  /** What is not said here is as in this one: key, writer, sequence, times, value. */
  readonly like?: string;
  /** Decimal, or so much above that of `like`, or so far from the clock. */
  readonly sequence?: string | { readonly plus: number } | { readonly clockMs: number };
  /** Milliseconds from now. */
  readonly issued?: number;
  readonly ttlMs?: number;
  /** Added to the expiry. */
  readonly expiresPlus?: number;
  readonly tombstone?: boolean;
  readonly flags?: number;
  /** The value is chosen so that the digest is larger, or smaller, than that of `like`. */
  readonly digest?: "larger" | "smaller";
  readonly otherNetwork?: boolean;
  readonly signature?: "flipped" | "none";
  /** Who is named as the writer: a name, hex, or `none`. */
  readonly writer?: string;
}

interface Answer {
  /** FAILED with this code. */
  readonly code?: string;
  /** Members of the answer. Records are the same when their digests are. */
  readonly answer?: Readonly<Record<string, unknown>>;
}

interface Requested {
  readonly request: string;
  readonly node?: string;
  /** It must be refused at once with this code. */
  readonly reject?: string;
}

export type TableStep =
  /** Its steps go well at last. */
  | { readonly do: "eventually"; readonly steps: readonly Step[] }
  | ({ readonly do: "makeKey" } & KeyOptions)
  | ({ readonly do: "makeTableRecord" } & TableRecordOptions)
  | ({
      readonly do: "tableAsk";
      /** A virtual node, or `observer`. */
      readonly by: string;
      readonly command: TableCommand;
      readonly record?: string;
      readonly key?: string;
      readonly position?: number;
      readonly place?: number;
      readonly copies?: number;
      /** Members of the request. */
      readonly value?: Readonly<Record<string, unknown>>;
      /** Name under which the answer is waited for later. */
      readonly later?: string;
    } & Answer)
  | ({ readonly do: "tableAnswer"; readonly later: string } & Answer)
  /** No answer has come so far. */
  | { readonly do: "tableNoAnswer"; readonly later: string }
  | { readonly do: "tableTell"; readonly by: string; readonly record: string }
  | {
      readonly do: "hold";
      readonly nodes: readonly string[];
      readonly records: readonly string[];
      readonly position?: number;
      readonly place?: number;
      readonly copies?: number;
    }
  /** Right nodes hold these where they belong. */
  | { readonly do: "spread"; readonly records: readonly string[]; readonly positions?: readonly number[] }
  | { readonly do: "expectHeld"; readonly nodes: readonly string[]; readonly record: string }
  | { readonly do: "expectNotHeld"; readonly nodes: readonly string[]; readonly key: string }
  | {
      readonly do: "fillStore";
      /** A virtual node, or `observer`. */
      readonly by: string;
      readonly count: number;
      readonly valueBytes: number;
      /** Keys are so long, or a little longer. */
      readonly keyBytes?: number;
      readonly ttlMs?: number;
      /** Each record is another one's. */
      readonly writers?: boolean;
      /** It goes on until this code comes, which it must. */
      readonly code?: string;
      /** The key of the last one that was stored. */
      readonly last?: string;
    }
  | ({ readonly do: "tablePut"; readonly key: string; readonly ttlMs?: number } & ContentOptions & Requested)
  | ({ readonly do: "tableDelete"; readonly key: string } & Requested)
  | ({ readonly do: "tableGet"; readonly key: string } & Requested)
  | ({ readonly do: "tableKeys" } & Requested)
  | { readonly do: "tableWatch"; readonly key: string; readonly node?: string }
  | {
      readonly do: "expectWritten";
      readonly key: string;
      /** Name under which the record is remembered. */
      readonly record: string;
      /** Its sequence is larger than that of this one. */
      readonly above?: string;
      /** Its sequence is that of this one and so much. */
      readonly plus?: number;
      /** Its sequence is the clock's. */
      readonly clock?: boolean;
      readonly tombstone?: boolean;
    }
  | {
      readonly do: "expectChanged";
      readonly key: string;
      readonly record: string;
      readonly deleted?: boolean;
      readonly node?: string;
    };
