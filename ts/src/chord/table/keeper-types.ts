// What goes out of a member's machine of the table.

import type { Code } from "../../gen/registry.js";
import type { TableRecord } from "../../identity/index.js";
import type { Contact } from "../contact.js";
import type { StoreWrite } from "./store.js";
import type { TableAnswer, TableRequest } from "./table-types.js";

/**
 * What the layer above is to do. Outputs with a handle are answered once, in time: `ask` by `answered` or `failed`, `write` by
 * `written`, `read` by `wasRead`, `check` by `checked`.
 */
export type KeeperOutput =
  /** Send a request to a member. */
  | { readonly type: "ask"; readonly handle: number; readonly to: Contact; readonly request: TableRequest }
  /** Answer a request that came in; its number is the one that `receive` was given. */
  | { readonly type: "answer"; readonly request: number; readonly answer: TableAnswer }
  /** Answer it with FAILED. */
  | { readonly type: "refuse"; readonly request: number; readonly code: Code; readonly text: string }
  /** Send CHANGED. @see r[watch.lease] */
  | { readonly type: "changed"; readonly to: string; readonly record: TableRecord }
  | { readonly type: "write"; readonly handle: number; readonly write: StoreWrite }
  | { readonly type: "read"; readonly handle: number; readonly keyIds: readonly Uint8Array[] }
  /** Run a `Mender`: r[sync.cross]. */
  | {
      readonly type: "check";
      readonly handle: number;
      readonly kind: number;
      readonly keyId: Uint8Array;
      readonly isDeep: boolean;
      /** What this member holds, where others are to. */
      readonly record: TableRecord | undefined;
    }
  /** A key with a value is in this store from now on, or no longer. */
  | { readonly type: "gained" | "lost"; readonly kind: number; readonly keyId: Uint8Array; readonly key: Uint8Array }
  /** What leaving asks for is done: LEAVE may be sent now. */
  | { readonly type: "handed" };
