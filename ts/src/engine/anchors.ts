// Anchors: the peers that a node dials first after its next start, so that nobody who fills its places meanwhile can cut it
// off. Section 4.9. Which they are, and where; who keeps them over a restart is the driver's business.

import { equalBytes } from "../bytes/index.js";
import { mayDialTold } from "../identity/index.js";
import type { Limits } from "../ports/index.js";
import type { Session } from "../session/index.js";
import type { Peer } from "./peer-table.js";

export interface Anchor {
  /** Where the node was reached, without its node id. */
  readonly address: string;
  readonly nodeId: Uint8Array;
}

export class Anchors {
  readonly #most: number;
  #current: readonly Anchor[];

  /** @param kept of the earlier run */
  constructor({ ANCHORS }: Pick<Limits, "ANCHORS">, kept: readonly Anchor[]) {
    this.#most = ANCHORS;
    this.#current = kept.slice(0, ANCHORS);
  }

  /** Another list whenever they change. */
  get current(): readonly Anchor[] {
    return this.#current;
  }

  /**
   * Looks at the peers, those that are so longest first. Earlier anchors stay behind them while there is room: who has lost all
   * peers needs them most.
   */
  look(peers: Iterable<Peer>): void {
    const anchors: Anchor[] = [];
    for (const peer of peers) {
      const anchor = anchors.length < this.#most ? anchorOf(peer) : undefined;
      if (anchor !== undefined) anchors.push(anchor);
    }
    for (const earlier of this.#current) {
      const isNew = anchors.every(({ nodeId }) => !equalBytes(nodeId, earlier.nodeId));
      if (isNew && anchors.length < this.#most) anchors.push(earlier);
    }
    const before = this.#current;
    const hasChanged = anchors.length !== before.length || anchors.some((anchor, i) => !isSame(anchor, before[i]));
    if (hasChanged) this.#current = anchors;
  }
}

/** Where a peer that this node dialled may be dialled again; `undefined` for others. */
function anchorOf({ nodeId, sessions }: Peer): Anchor | undefined {
  const dialled: Session | undefined = sessions.find(({ info }) => info.role === "initiator");
  if (dialled === undefined) return undefined;
  const { remoteAddress } = dialled.info;
  const addresses = [remoteAddress, ...(dialled.peer?.addresses ?? [])];
  const address = addresses.find((candidate) => mayDialTold(candidate, nodeId, remoteAddress));
  return address === undefined ? undefined : { address, nodeId };
}

const isSame = (a: Anchor, b: Anchor | undefined): boolean =>
  b !== undefined && a.address === b.address && equalBytes(a.nodeId, b.nodeId);
