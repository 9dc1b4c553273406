// What an engine asks of its driver and tells its application.

import type { Code } from "../gen/registry.js";
import type { SignRequest, VerifyRequest } from "../ports/index.js";
import type { SessionRole } from "../session/index.js";
import type { Message } from "./message.js";

export type NodeEvent =
  | { readonly type: "peer.up"; readonly peer: Uint8Array }
  | { readonly type: "peer.down"; readonly peer: Uint8Array; readonly code: Code; readonly text: string }
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
  /** After a QUEUE_FULL: broadcasts are taken again. */
  | { readonly type: "drain" };

export type Output =
  | { readonly type: "event"; readonly event: NodeEvent }
  /** Answer with `complete(handle, valid)`. */
  | { readonly type: "verify"; readonly handle: number; readonly request: VerifyRequest }
  /** Answer with `complete(handle, signature)`. */
  | { readonly type: "sign"; readonly handle: number; readonly request: SignRequest }
  /** Answer with `open` or `dialFailed`. */
  | { readonly type: "dial"; readonly dial: number; readonly address: string }
  /** There is something to `fill`. */
  | { readonly type: "write"; readonly link: number }
  /** Reading was paused and may go on. */
  | { readonly type: "resume"; readonly link: number }
  /** End the sending direction once everything is filled and written. */
  | { readonly type: "end"; readonly link: number }
  /** Close the connection at once. */
  | { readonly type: "close"; readonly link: number };
