// Channel binding (6.4) from the runner's side: which kinds an end can list, which one both agree on, and the 32 bytes of each.
import { decodeMessage, domainHash, filled, flipped, GoldenError, sha256, utf8, type Bytes } from "../golden/index.js";
import { isEncrypted, isWeb, placeOf, type ChannelFacts } from "./carrier/index.js";
import type { RawPeer } from "./peer.js";
import type { Stage } from "./stage.js";
import { StepFailure } from "./step-failure.js";

const [CERTIFICATE, AUTHORITY, EXPORTER] = [1, 3, 4];
/** r[session.binding.kind]: the first that both list. */
const ORDER = [EXPORTER, 2, CERTIFICATE, AUTHORITY];

/** Kinds that a peer of the runner lists on this connection. */
export function kindsOfFacts({ exporter, certificate }: ChannelFacts): number[] {
  return [...(exporter === undefined ? [] : [EXPORTER]), ...(certificate === undefined ? [] : [CERTIFICATE])];
}

/** Kinds in the payload of a HELLO; none when it is no right one. */
function kindsOfHello(payload: Bytes | undefined): readonly number[] {
  if (payload === undefined) return [];
  try {
    return decodeMessage("Hello", payload)["bindingKinds"] as readonly number[];
  } catch (error) {
    if (error instanceof GoldenError) return [];
    throw error;
  }
}

/** The kind of both HELLOs. */
export function commonKind(one: Bytes | undefined, other: Bytes | undefined): number {
  const [mine, theirs] = [kindsOfHello(one), kindsOfHello(other)];
  return ORDER.find((kind) => mine.includes(kind) && theirs.includes(kind)) ?? 0;
}

/** The 32 bytes of a kind on this connection; zeros where this end cannot know them. */
export function bindingOf(kind: number, facts: ChannelFacts, change?: "flipped" | "zero"): Bytes {
  const bytes = rightBinding(kind, facts);
  if (change === "flipped") return flipped(bytes, 0);
  return change === "zero" ? filled(32) : bytes;
}

function rightBinding(kind: number, { exporter, certificate, authority }: ChannelFacts): Bytes {
  if (kind === EXPORTER && exporter !== undefined) return exporter;
  if (kind === CERTIFICATE && certificate !== undefined) return sha256(certificate);
  if (kind === AUTHORITY && authority !== undefined) return domainHash("motet/1 authority", utf8(authority));
  return filled(32);
}

/** The announced `wss` address that a Host header names, with port 443 where it names none. */
export function authorityOf(host: string, announced: readonly string[]): string | undefined {
  const named = /:\d+$/.test(host) ? host : `${host}:443`;
  return announced.find((address) => address === `wss://${named}/motet`);
}

/** r[binding.list], r[binding.authority.responder] and r[binding.authority.initiator]: the testee lists what it can compute, no more and no less. */
export function checkKinds(stage: Stage, peer: RawPeer, listed: readonly number[]): void {
  const { scheme } = peer.link;
  const encrypted = isEncrypted(scheme);
  const isAnswering = peer.role === 0 && isWeb(scheme);
  const announced = isAnswering && authorityOf(peer.facts.host ?? "", peer.node.configured) !== undefined;
  const wanted = [
    ...(encrypted && stage.hasExporter ? [EXPORTER] : []),
    ...(encrypted ? [CERTIFICATE] : []),
    ...(announced ? [AUTHORITY] : []),
  ];
  const known = listed.filter((kind) => ORDER.includes(kind) && !(kind === AUTHORITY && mayList(peer, announced)));
  const same = wanted.length === new Set(known).size && wanted.every((kind) => known.includes(kind));
  if (!same) throw new StepFailure(`the binding kinds [${wanted.join(", ")}]`, `[${listed.join(", ")}]`);
}

/** Whether an address at which a node listens is one that its operator configured is left open: it may list kind 3 for it. */
function mayList(peer: RawPeer, announced: boolean): boolean {
  if (peer.role !== 0 || announced || peer.link.scheme !== "wss") return false;
  const { host, port } = placeOf(peer.node.address);
  return peer.facts.host === `${host}:${port}`;
}
