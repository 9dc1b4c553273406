// Who may be a peer of a node, as its application says it.

import type { NodeIdLike } from "./node-messaging.js";

/** Who may be a peer: in force from the PROOF of a node on, since only then it is known who it is (r[session.banned]). */
export interface Access {
  /** If given, nobody else is allowed. @defaultValue everybody */
  readonly allow?: readonly NodeIdLike[];
  /** Never allowed, whatever `allow` says. @defaultValue nobody */
  readonly deny?: readonly NodeIdLike[];
  /** Asked last, for nodes that the lists let pass; an exception in it refuses. `peer` is a node id, 32 bytes. */
  readonly accept?: (peer: Uint8Array) => boolean;
}
