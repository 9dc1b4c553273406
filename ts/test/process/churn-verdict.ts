// What the runs of the churn test must have had in common: every broadcast whose origin lived on reached every process that
// lived around it, and none came twice in one run of a process. Knows records, no processes.

import type { Delivered, ProcessRun, Sent } from "./churn.js";

/** How long who must have lived, ms. */
export interface Margins {
  /** The origin, after it made the broadcast. */
  readonly originMs: number;
  /** Who must have it, before that. */
  readonly beforeMs: number;
  /** Who must have it, after that. */
  readonly afterMs: number;
}

/** A delivery that is owed and was not made. */
interface Miss {
  readonly origin: string;
  readonly sequence: string;
  readonly sentAt: number;
  readonly receiver: string;
  /** Peers of the origin, and of the receiver, at that time. */
  readonly originPeers: readonly string[];
  readonly receiverPeers: readonly string[];
  /** No path led there: of those that lived on a little, over links that both ends had. */
  readonly wasCutOff: boolean;
}

/** How long a process must live on to count as part of a path, ms. */
const pathMs = 100;

export interface Verdict {
  readonly kills: number;
  /** Broadcasts made, by all that was told. */
  readonly broadcasts: number;
  /** Those whose origin lived on: what the claim is about, where anybody lived around them. */
  readonly messages: number;
  /** Deliveries of them that are owed. */
  readonly owed: number;
  /** Deliveries of all broadcasts to all runs. */
  readonly deliveries: number;
  readonly misses: readonly Miss[];
  /** Deliveries to a run that had the same before. */
  readonly duplicates: number;
  /** Times from broadcast to owed delivery, sorted, ms. */
  readonly delaysMs: readonly number[];
}

const keyOf = ({ origin, sequence }: Pick<Delivered, "origin" | "sequence">): string => `${origin} ${sequence}`;

export function judge(runs: readonly ProcessRun[], margins: Margins): Verdict {
  const indexed = runs.map((run) => ({ run, times: timesOf(run) }));
  const misses: Miss[] = [];
  const delaysMs: number[] = [];
  let messages = 0;
  let owed = 0;
  for (const origin of runs) {
    for (const sent of origin.sent) {
      if (origin.livedUntil - sent.at < margins.originMs) continue;
      const receivers = indexed.filter(({ run }) => run.id !== origin.id && livedAround(run, sent.at, margins));
      if (receivers.length > 0) messages++;
      owed += receivers.length;
      for (const { run, times } of receivers) {
        const at = times.get(keyOf({ origin: origin.id, sequence: sent.sequence }))?.[0];
        if (at === undefined) misses.push(missOf(runs, origin, sent, run));
        else delaysMs.push(at - sent.at);
      }
    }
  }
  const duplicates = indexed.reduce((sum, { run, times }) => sum + run.delivered.length - times.size, 0);
  return {
    kills: runs.filter(({ wasKilled }) => wasKilled).length,
    broadcasts: runs.reduce((sum, { sent }) => sum + sent.length, 0),
    deliveries: runs.reduce((sum, { delivered }) => sum + delivered.length, 0),
    messages,
    owed,
    misses,
    duplicates,
    delaysMs: delaysMs.sort((a, b) => a - b),
  };
}

function timesOf({ delivered }: ProcessRun): Map<string, number[]> {
  const times = new Map<string, number[]>();
  for (const one of delivered) times.set(keyOf(one), [...(times.get(keyOf(one)) ?? []), one.at]);
  return times;
}

const livedAround = ({ livedFrom, livedUntil }: ProcessRun, at: number, { beforeMs, afterMs }: Margins): boolean =>
  livedFrom <= at - beforeMs && livedUntil >= at + afterMs;

function missOf(runs: readonly ProcessRun[], origin: ProcessRun, { sequence, at }: Sent, receiver: ProcessRun): Miss {
  return {
    origin: origin.id,
    sequence,
    sentAt: at,
    receiver: receiver.id,
    originPeers: [...peersAt(origin, at)],
    receiverPeers: [...peersAt(receiver, at)],
    wasCutOff: !reachableFrom(runs, origin, at).has(receiver.id),
  };
}

function peersAt({ links }: ProcessRun, at: number): Set<string> {
  const peers = new Set<string>();
  for (const link of links) {
    if (link.at > at) break;
    if (link.isUp) peers.add(link.peer);
    else peers.delete(link.peer);
  }
  return peers;
}

/** Node ids to which a path led at a time. */
function reachableFrom(runs: readonly ProcessRun[], origin: ProcessRun, at: number): Set<string> {
  const alive = runs.filter(({ livedFrom, livedUntil }) => livedFrom <= at && livedUntil >= at + pathMs);
  const peersOf = new Map(alive.map((run) => [run.id, peersAt(run, at)]));
  const reached = new Set([origin.id]);
  for (const id of reached) {
    for (const peer of peersOf.get(id) ?? []) if (peersOf.get(peer)?.has(id) === true) reached.add(peer);
  }
  return reached;
}
