// Shape of the steps about the ring: virtual nodes of the runner around a testee, what they answer, and what the testee asked them.
// Types only.
import type { TableCommand } from "./scenario-table.js";
import type { RecordChange } from "./scenario.js";

/** A node as a record names it: by its name, or with a record that is changed. */
export type RingEntry = string | (RecordChange & { readonly as: string });

/** A position: of a node, moved by so many; or so many finger starts from it. */
export type PositionSpec = string | { readonly of: string; readonly plus?: string };

/** What a virtual node answers otherwise than a right one; members that are not given stay right. */
export interface StateChange {
  readonly self?: RingEntry;
  readonly phase?: number;
  /** Empty text for none. */
  readonly predecessor?: RingEntry;
  readonly successors?: readonly RingEntry[];
  readonly wraps?: number;
}

export interface StepChange {
  readonly owners?: readonly RingEntry[];
  readonly next?: readonly RingEntry[];
}

export type RingCommand = "STATE" | "STEP" | "LEAVE" | TableCommand;

export interface RingNodeChange {
  /** Members of the answers to commands of the table that are not as they should be. */
  readonly answers?: Readonly<Partial<Record<TableCommand, Readonly<Record<string, unknown>>>>>;
  readonly state?: StateChange;
  /** `crawl`: it names the very next node alone. */
  readonly step?: StepChange | "crawl" | "right";
  /** In the HELLOs of later sessions. */
  readonly receiveLimit?: number;
  /** So many keys or entries in one answer to SCAN or SYNC. */
  readonly page?: number;
  /** Requests that are not answered. */
  readonly silent?: readonly RingCommand[];
  /** Requests that are answered with FAILED and this code. */
  readonly failing?: { readonly commands: readonly RingCommand[]; readonly code: string };
  /** One request more is answered; from then on they are answered with FAILED. */
  readonly answersOnce?: readonly RingCommand[];
  /** The next request only is not answered, and its session is reset. */
  readonly hangsUp?: readonly RingCommand[];
  /** Its sessions are reset, and nobody can make another. */
  readonly dead?: boolean;
  /** In the lists of the others, or not. */
  readonly present?: boolean;
  /** Its own record, in HELLO and in `self`. */
  readonly record?: RecordChange;
  /** Its record in the lists of others. */
  readonly listed?: RecordChange;
}

export type RingStep =
  | {
      readonly do: "buildRing";
      readonly nodes: number;
      /** Not in the ring yet. */
      readonly without?: readonly string[];
    }
  | ({ readonly do: "ringNode"; readonly nodes: readonly string[] } & RingNodeChange)
  | {
      readonly do: "takePart";
      readonly how: "found" | "join" | "leave" | "stabilize" | "audit";
      readonly node?: string;
      /** Names of virtual nodes, whose address is dialled pinned, or addresses as records have them. */
      readonly contacts?: readonly string[];
      readonly reject?: string;
    }
  | {
      readonly do: "joined";
      readonly contact?: string;
      /** It has also fetched the records of its arc. */
      readonly complete?: true;
    }
  | { readonly do: "meet"; readonly nodes: readonly string[] }
  | {
      readonly do: "ringSend";
      readonly node: string;
      readonly command: "NOTIFY" | "HINT" | "LEAVE" | "STATE";
      readonly times?: number;
    }
  | {
      readonly do: "expectAsked";
      readonly asks: readonly string[];
      readonly anyOrder?: boolean;
      readonly target?: PositionSpec;
      /** Members of what was said, in a command of the table. */
      readonly with?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly do: "expectNotAsked";
      readonly asks: readonly string[];
      readonly target?: PositionSpec;
      readonly with?: Readonly<Record<string, unknown>>;
    }
  | { readonly do: "expectSessions"; readonly most: number }
  | { readonly do: "expectAskedAtMost"; readonly command: RingCommand | "NOTIFY" | "CHANGED"; readonly count: number }
  | { readonly do: "forget" }
  /** The others have the testee on their lists no more. */
  | { readonly do: "dropTestee" }
  | {
      readonly do: "expectState";
      readonly node?: string;
      readonly by?: string;
      readonly phase?: number;
      /** Empty text for none. */
      readonly predecessor?: RingEntry;
      readonly list?: readonly RingEntry[];
      readonly wraps?: number;
      /** At once, not at last. */
      readonly still?: boolean;
    }
  | {
      readonly do: "expectStep";
      readonly target: PositionSpec;
      readonly node?: string;
      readonly owners?: readonly string[];
      readonly next?: readonly string[];
      /** FAILED with this code. */
      readonly code?: string;
    }
  | {
      readonly do: "lookUp";
      readonly request: string;
      readonly target: PositionSpec;
      readonly node?: string;
      readonly contact?: string;
      readonly reject?: string;
    };
