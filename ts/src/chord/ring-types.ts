// Shapes that the ring's machine exchanges with the layer above: what goes in, what comes out, what is configured. All of it
// is made of contacts; frames, records and sessions belong to others.

import type { Limits, Random } from "../ports/index.js";
import type { Contact } from "./contact.js";
import type { Position } from "./position.js";

/** JOINING is also what a node is before it was told to found or to join. */
export type Phase = "FOUNDER" | "JOINING" | "MEMBER" | "LEAVING";

/** What a node answers to STATE: all at one moment. */
export interface Snapshot {
  readonly phase: Phase;
  readonly self: Contact;
  readonly predecessor: Contact | undefined;
  /** Nobody may change it. */
  readonly successors: readonly Contact[];
  readonly wraps: boolean;
}

/** Whether a node has its place and means to keep it. */
export function isPlaced({ phase }: Snapshot): boolean {
  return phase === "MEMBER" || phase === "FOUNDER";
}

/** What a node answers to STEP: who owns the target, or who is nearer to it; one of the two is empty. */
export interface StepAnswer {
  readonly owners: readonly Contact[];
  readonly next: readonly Contact[];
}

/** What the layer above is to do. Requests carry a handle: `answered` or `failed` is called with it once, in time. */
export type RingOutput =
  /** Ask STATE; the answer is a `Snapshot`. */
  | { readonly type: "state"; readonly handle: number; readonly to: Contact }
  /** Ask STEP; the answer is a `StepAnswer`. */
  | { readonly type: "step"; readonly handle: number; readonly to: Contact; readonly target: Position }
  /** Send LEAVE; the answer is empty. */
  | { readonly type: "leave"; readonly handle: number; readonly to: Contact }
  | { readonly type: "notify"; readonly to: Contact }
  | { readonly type: "hint"; readonly to: Contact }
  | { readonly type: "phase"; readonly phase: Phase }
  /** This node has left the ring and need not answer any more. */
  | { readonly type: "left" };

export type RingRequest = Extract<RingOutput, { readonly handle: number }>;

/** Answer of a request: by its type. */
export type RingAnswer = Snapshot | StepAnswer | undefined;

/** The limits of section 9.7 that the ring goes by, with the values of this node. */
export type RingLimits = Pick<
  Limits,
  | "RING_STABILIZE_MS"
  | "RING_STABILIZE_QUIET_MS"
  | "RING_AUDIT_MS"
  | "RING_WALK"
  | "RING_JOIN_MIN_MS"
  | "RING_JOIN_MAX_MS"
  | "RING_LEAVE_MS"
  | "RING_PASSIVE"
  | "RING_PASSIVE_KEEP_MS"
  | "STEP_RECORDS"
  | "LOOKUP_PARALLEL"
  | "LOOKUP_HOPS"
  | "LOOKUP_MS"
>;

export type LookupLimits = Pick<Limits, "STEP_RECORDS" | "LOOKUP_PARALLEL" | "LOOKUP_HOPS" | "LOOKUP_MS">;

export interface RingContext {
  readonly self: Contact;
  readonly random: Random;
  readonly limits: RingLimits;
  /** Most entries of the successor list: r of the descriptor. */
  readonly r: number;
}
