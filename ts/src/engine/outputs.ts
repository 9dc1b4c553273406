// What an engine asks of its driver and tells its application.

import type { KeyName, StoreWrite } from "../chord/index.js";
import type { Code } from "../gen/registry.js";
import type { TableRecord } from "../identity/index.js";
import type { SignRequest, VerifyRequest } from "../ports/index.js";
import type { SessionRole } from "../session/index.js";
import type { Message } from "./message.js";
import type { RingPlace, RingView } from "./ring-view.js";
import type { TableGroup } from "./table/index.js";

/** What becomes of a request of the application, by its number. */
export type RequestEvent =
  /** A one-way message was handed to a session. */
  | { readonly type: "sent"; readonly request: number }
  | { readonly type: "answered"; readonly request: number; readonly payload: Uint8Array }
  /** Node ids of the records that came and were kept, sorted. */
  | { readonly type: "records"; readonly request: number; readonly peers: readonly Uint8Array[] }
  /** The owner of a position was found; the path has the nodes that were asked STEP, the first one first. */
  | {
      readonly type: "owner";
      readonly request: number;
      readonly owner: Uint8Array;
      readonly hops: number;
      readonly path: readonly { readonly nodeId: Uint8Array; readonly ms: number }[];
    }
  /** What another node knows of the ring. */
  | { readonly type: "viewed"; readonly request: number; readonly view: RingView }
  /** One step of a lookup: one of the lists is empty. */
  | {
      readonly type: "stepped";
      readonly request: number;
      readonly owners: readonly RingPlace[];
      readonly next: readonly RingPlace[];
    }
  /** A record is in the table; `newer` is one that it lost to. Nobody may change the bytes of records. */
  | {
      readonly type: "stored";
      readonly request: number;
      readonly record: TableRecord;
      readonly groups: readonly TableGroup[];
      /** Node ids of all that hold it. */
      readonly holders: readonly Uint8Array[];
      /** Every member of the ring holds it. */
      readonly whole: boolean;
      readonly newer?: TableRecord;
    }
  /** A key was read; without a record there is nothing. */
  | {
      readonly type: "got";
      readonly request: number;
      readonly record?: TableRecord;
      readonly groups: readonly TableGroup[];
    }
  | { readonly type: "listed"; readonly request: number; readonly keys: readonly KeyName[] }
  | { readonly type: "failed"; readonly request: number; readonly code: Code; readonly text: string };

/** What a peer asks of the application, by the number of the question. */
export type QuestionEvent =
  | {
      readonly type: "asked";
      readonly question: number;
      readonly peer: Uint8Array;
      readonly channel: string;
      readonly payload: Uint8Array;
      readonly timeoutMs: number;
    }
  | {
      readonly type: "called";
      readonly question: number;
      readonly peer: Uint8Array;
      readonly command: number;
      readonly payload: Uint8Array;
    }
  /** Nobody waits for its answer any more. */
  | { readonly type: "withdrawn"; readonly question: number };

/** What anybody may listen to. */
export type NodeEvent =
  | { readonly type: "peer.up"; readonly peer: Uint8Array }
  | { readonly type: "peer.down"; readonly peer: Uint8Array; readonly code: Code; readonly text: string }
  /** The peer's clock is far from this node's: r[session.clock]. `ms` is how far it is ahead. */
  | { readonly type: "skew"; readonly peer: Uint8Array; readonly ms: number }
  /** The peer remembers a higher sequence of this node: r[stale.report]. `changed`: this node goes on above it. */
  | { readonly type: "stale"; readonly peer: Uint8Array; readonly highest: bigint; readonly changed: boolean }
  | {
      readonly type: "refused";
      readonly role: SessionRole;
      readonly by: "local" | "remote";
      readonly code: Code;
      readonly text: string;
      /** The other side's address. */
      readonly address: string;
    }
  | Message
  /** A TELL has come. */
  | { readonly type: "told"; readonly peer: Uint8Array; readonly channel: string; readonly payload: Uint8Array }
  /** A one-way frame of a command that the application has defined. */
  | { readonly type: "commanded"; readonly peer: Uint8Array; readonly command: number; readonly payload: Uint8Array }
  /** What this node is on the ring from now on: section 7.3. LEFT when it has left, and its sessions end. */
  | { readonly type: "ring"; readonly phase: RingView["phase"] | "LEFT" }
  /** A key that is watched has another record; a tombstone when it was deleted. */
  | { readonly type: "changed"; readonly record: TableRecord }
  /** A record that was stored has lost to this newer one, which a group held already. */
  | { readonly type: "overwritten"; readonly record: TableRecord }
  /** This member's store has a value under a key from now on, or no longer: it was deleted, has expired, or is others' now. */
  | {
      readonly type: "key.gained" | "key.lost";
      /** 1 shared, 2 owned, 3 immutable. */
      readonly kind: number;
      readonly keyId: Uint8Array;
      /** As in its record: 8.1. Nobody may change the bytes. */
      readonly key: Uint8Array;
    }
  /** After a QUEUE_FULL: what was refused is taken again. */
  | { readonly type: "drain" };

export type Output =
  | { readonly type: "event"; readonly event: NodeEvent | RequestEvent | QuestionEvent }
  /** Answer with `complete(handle, valid)`. */
  | { readonly type: "verify"; readonly handle: number; readonly request: VerifyRequest }
  /** Answer with `complete(handle, signature)`. */
  | { readonly type: "sign"; readonly handle: number; readonly request: SignRequest }
  /** Answer with `open` or `dialFailed`. */
  | { readonly type: "dial"; readonly dial: number; readonly address: string }
  /** Answer with `table().stored(handle)` once the store has it for good, or could not. */
  | { readonly type: "store"; readonly handle: number; readonly write: StoreWrite }
  /** Answer with `table().fetched(handle, records)`: of the store, by key ids. */
  | { readonly type: "fetch"; readonly handle: number; readonly keyIds: readonly Uint8Array[] }
  /** There is something to `fill`. */
  | { readonly type: "write"; readonly link: number }
  /** Reading was paused and may go on. */
  | { readonly type: "resume"; readonly link: number }
  /** End the sending direction once everything is filled and written. */
  | { readonly type: "end"; readonly link: number }
  /** Close the connection at once. */
  | { readonly type: "close"; readonly link: number };
