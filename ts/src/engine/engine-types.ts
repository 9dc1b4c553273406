// What an engine is told when it is made and when a connection comes, and what it counts.

import type { Network } from "../identity/index.js";
import type { VerdictCounts } from "../mesh/index.js";
import type { Hasher, Limits, Random, SignatureService } from "../ports/index.js";
import type { ChannelFacts } from "../session/index.js";
import type { Anchor } from "./anchors.js";
import type { Dialler } from "./dialler.js";
import type { NodeEvent, Output, QuestionEvent, RequestEvent } from "./outputs.js";
import type { PeerTable } from "./peer-table.js";
import type { TableLink } from "./table/index.js";

export interface EngineConfig {
  readonly network: Network;
  /** 32 bytes. */
  readonly nodeId: Uint8Array;
  readonly limits: Limits;
  readonly hasher: Hasher;
  readonly random: Random;
  /** Unix ms at the start of the process, more than at every earlier start. */
  readonly incarnation: bigint;
  /** Last sequence of an earlier run, 0 for none. */
  readonly lastSequence: bigint;
  /** Name and version of the software: printable ASCII, at most 128 bytes. */
  readonly agent: string;
  /** Compression ids that are decoded, best first. */
  readonly compressions: readonly number[];
  /** Peers of an earlier run that are dialled first: r[peers.anchors]. */
  readonly anchors?: readonly Anchor[];
  /** Whether the node takes part in the ring; JOINING until it is told to found or to join. */
  readonly isMember?: boolean;
}

/** A connection as its driver describes it. */
export interface LinkInfo {
  readonly role: "initiator" | "responder";
  readonly channel: ChannelFacts;
  readonly hasHalfClose: boolean;
  readonly inProcess: boolean;
  /** What the carrier's own handshake has taken of HANDSHAKE_MS. */
  readonly openingMs: number;
  readonly remoteAddress: string;
  /** The dial that led to it; initiators only. */
  readonly dial?: number;
}

/** What most parts of an engine go by. */
export interface EngineShared {
  readonly config: EngineConfig;
  readonly limits: Limits;
  readonly signatures: SignatureService;
  readonly peers: PeerTable;
  readonly dialler: Dialler;
  readonly emit: (event: NodeEvent | RequestEvent | QuestionEvent) => void;
  readonly push: (output: Output) => void;
  /** The number of a new request. */
  readonly number: () => number;
  /** This node's newest record. */
  readonly ownRecord: () => Uint8Array | undefined;
  /** The node has left the ring: nothing keeps it any more. */
  readonly left: () => void;
  readonly table: () => TableLink;
  /** Unix ms. */
  readonly now: () => number;
}

/** Numbers for operators. */
export interface EngineCounts {
  readonly verdicts: Readonly<VerdictCounts>;
  /** Broadcasts that a full queue dropped. */
  readonly dropped: number;
  /** Origins, or ids in an unsigned network, that are remembered. */
  readonly known: number;
  /** Records of the table that this node stores, tombstones too, and their bytes. */
  readonly table: { readonly records: number; readonly bytes: number };
}
