// Shapes that the ring's machine exchanges with the layer above: what goes in, what comes out, what is configured. All of it
// is made of contacts; frames, records and sessions belong to others.

import type { Random } from "../ports/index.js";
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

/** What a node answers to STEP: who owns the target, or who is nearer to it. */
export type StepAnswer = { readonly owners: readonly Contact[] } | { readonly next: readonly Contact[] };

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

export interface RingOptions {
  /** Most entries of the successor list. */
  readonly r: number;
  /** Time between two rounds, and the longest that it grows to where nothing changes. */
  readonly stabilizeMs: number;
  readonly quietMs: number;
  readonly auditMs: number;
  /** Steps to predecessors within one round. */
  readonly walk: number;
  readonly passiveMost: number;
  readonly passiveKeepMs: number;
  /** After this long a leaving node goes regardless. */
  readonly leaveMs: number;
  /** Waits between two attempts to join: doubling from the first to the second. */
  readonly joinMinMs: number;
  readonly joinMaxMs: number;
  readonly lookup: LookupOptions;
}

export interface LookupOptions {
  /** Requests under way at once. */
  readonly alpha: number;
  readonly hopCap: number;
  readonly lookupMs: number;
}

export interface RingContext {
  readonly self: Contact;
  readonly random: Random;
  readonly options: RingOptions;
}

export const defaultLookupOptions: LookupOptions = { alpha: 2, hopCap: 64, lookupMs: 10_000 };

export const defaultRingOptions: RingOptions = {
  r: 16,
  stabilizeMs: 5_000,
  quietMs: 30_000,
  auditMs: 60_000,
  walk: 8,
  passiveMost: 256,
  passiveKeepMs: 86_400_000,
  leaveMs: 10_000,
  joinMinMs: 500,
  joinMaxMs: 30_000,
  lookup: defaultLookupOptions,
};
