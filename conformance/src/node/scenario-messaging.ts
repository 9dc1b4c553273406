// Shape of the steps about messaging, records, silence and the testee's own settings: the rest of scenario.ts.
// Types only.
import type { TableValueSpec } from "./scenario-table.js";
import type { RecordChange } from "./scenario.js";

/**
 * A value in a message of a step. Text is itself, but `@name` is a node id. An object stands for bytes:
 * something remembered, random bytes that are remembered, a text, so many bytes that compress well or not at all, a record.
 */
export type ValueSpec =
  | string
  | number
  | readonly ValueSpec[]
  | { readonly kept: string }
  | { readonly random: string; readonly size?: number }
  | { readonly text: string }
  | { readonly size: number }
  | { readonly noise: number }
  | { readonly record: RecordChange & { readonly as: string } }
  /** Unix ms, so far from now. */
  | { readonly now: number }
  | TableValueSpec
  | SequenceSpec;

/** A sequence: of a broadcast plus so many, or `plus` one of the clock so many seconds on, remembered by name. */
export type SequenceSpec =
  | { readonly of: string; readonly plus: number }
  | { readonly clock: string; readonly plusSeconds: number; readonly plus?: number };

/** A payload compressed by the runner, with defects. */
export interface CompressOptions {
  readonly id: number;
  /** What is compressed, when it is not the payload of the step. */
  readonly of?: "zeros";
  /** Bytes of `of`. */
  readonly count?: number;
  /** Original size as written; `plus` is added to the right one. */
  readonly original?: number | { readonly plus: number };
  /** Only the first bytes of all this are sent. */
  readonly keep?: number;
  /** Data in hex in place of the right one. */
  readonly data?: string;
  /** Bytes cut off the data. */
  readonly cut?: number;
  /** Hex appended to the data. */
  readonly append?: string;
  /** Bytes of the data replaced; a negative place counts from its end. */
  readonly patch?: { readonly at: number; readonly bytes: string };
}

/** Bytes of an application. */
export interface ContentOptions {
  readonly payload?: string;
  readonly hex?: string;
  /** So many bytes that compress well. */
  readonly size?: number;
  /** So many bytes that do not. */
  readonly noise?: number;
}

interface Requested {
  readonly request: string;
  readonly node?: string;
  /** It must be refused at once with this code. */
  readonly reject?: string;
}

export type Serving = "echo" | "fail" | "hang" | "blow" | "compress" | "none";

type On = { readonly peer: string };

export type MessagingStep =
  | ({
      readonly do: "tell";
      readonly to: string;
      readonly channel?: string;
      readonly compress?: boolean;
    } & ContentOptions &
      Requested)
  | ({
      readonly do: "ask";
      readonly to: string;
      readonly channel?: string;
      readonly compress?: boolean;
      readonly timeoutMs?: number;
    } & ContentOptions &
      Requested)
  | ({
      readonly do: "call";
      readonly to: string;
      readonly command: number;
      readonly kind: "one-way" | "request";
      readonly timeoutMs?: number;
    } & ContentOptions &
      Requested)
  | ({ readonly do: "askPeers"; readonly to: string; readonly limit?: number } & Requested)
  | ({ readonly do: "locate"; readonly wanted: string } & Requested)
  /** Goes on until the node refuses with `code`. */
  | ({
      readonly do: "press";
      readonly how: "tell" | "ask" | "one-way" | "request";
      readonly to: string;
      readonly code: string;
      readonly atMost: number;
      readonly node?: string;
    } & ContentOptions)
  | { readonly do: "serve"; readonly node?: string; readonly channel: string; readonly how: Serving }
  | { readonly do: "define"; readonly node?: string; readonly command: number; readonly how: Serving }
  | {
      readonly do: "hook";
      readonly node?: string;
      readonly deny?: readonly string[];
      readonly refuse?: readonly string[];
    }
  | {
      readonly do: "updateNode";
      readonly node?: string;
      readonly compressions: readonly number[];
      readonly receiveLimit: number;
    }
  | ({
      readonly do: "expectOutcome";
      readonly request: string;
      readonly outcome: "sent" | "answered" | "failed" | "records" | "owner" | "stored" | "got" | "listed";
      readonly code?: string;
      readonly peers?: readonly string[];
      /** The owner that a lookup found, and in how many hops. */
      readonly peer?: string;
      readonly hops?: number;
      readonly mostHops?: number;
      /** Groups that answered with a holder, and holders in them, at least. */
      readonly leastGroups?: number;
      readonly leastNodes?: number;
      readonly newer?: boolean;
      readonly found?: boolean;
      /** The record of the table that was got. */
      readonly record?: string;
      /** Keys of the table that were listed. */
      readonly keys?: readonly string[];
      /** Reported before this step. */
      readonly already?: boolean;
    } & ContentOptions)
  | { readonly do: "expectNoOutcome"; readonly request: string }
  | ({ readonly do: "expectTold"; readonly channel?: string; readonly node?: string } & ContentOptions & On)
  | ({ readonly do: "expectCommanded"; readonly command: number; readonly node?: string } & ContentOptions & On)
  | {
      readonly do: "expectNone";
      readonly event: "told" | "commanded" | "skew" | "stale" | "changed";
      readonly node?: string;
    }
  | ({ readonly do: "expectSkew"; readonly ms: number } & On)
  | ({ readonly do: "expectStale"; readonly highest: string | SequenceSpec; readonly changed: boolean } & On)
  | ({ readonly do: "expectGrease" } & On)
  | ({ readonly do: "mute" } & On)
  | ({ readonly do: "drain"; readonly command: string } & On)
  | ({
      readonly do: "makeRecord";
      readonly record: string;
      readonly as: string;
      readonly sameTimeAs?: string;
    } & RecordChange)
  | {
      readonly do: "expectRecord";
      readonly record: string;
      readonly as: string;
      readonly after?: string;
      readonly features?: readonly number[];
    }
  | ({
      readonly do: "expectPeers";
      readonly tag?: number;
      /** Exactly the records of these. */
      readonly of?: readonly string[];
      /** So many records, of these. */
      readonly count?: number;
      readonly among?: readonly string[];
      /** Records that it holds byte for byte. */
      readonly holds?: readonly string[];
    } & On)
  | { readonly do: "expectDifferent"; readonly kept?: readonly string[]; readonly tags?: readonly string[] }
  | {
      readonly do: "listen";
      readonly listener: string;
      /** The first of these that is free. */
      readonly ports?: readonly number[];
    }
  | ({ readonly do: "acceptAt"; readonly listener: string; readonly as?: string; readonly node?: string } & On)
  | ({ readonly do: "welcome" } & On)
  | { readonly do: "expectNoDial"; readonly listener: string; readonly node?: string };
