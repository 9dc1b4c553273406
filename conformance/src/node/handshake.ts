// The friendly order of a handshake: each function does what has to come before it and was not done, so a scenario
// names only the step that is its idea. Both roles.
import { PREFACE_V1, REQUEST, RESPONSE, commandOf, toHex } from "../golden/index.js";
import { authorityOf } from "./binding.js";
import { arrivalText } from "./arrival.js";
import { CarrierListener, dialCarrier, NoCarrier, placeOf, type Handshaken, type TlsChange } from "./carrier/index.js";
import type { UpgradeAnswer, UpgradeRequest } from "./carrier/index.js";
import { expectHello, sendHello } from "./hello.js";
import { isCommand, RawPeer } from "./peer.js";
import { expectProof, sendProof } from "./proof.js";
import type { HelloOptions, ProofOptions } from "./scenario.js";
import { StepFailure } from "./step-failure.js";
import type { Stage } from "./stage.js";
import { WireLink } from "./wire-link.js";

export interface PeerOptions {
  readonly peer: string;
  readonly as?: string;
  readonly node?: string;
  readonly hold?: boolean;
}

export interface ConnectOptions extends PeerOptions {
  readonly bare?: "tcp" | "tls";
  readonly tls?: TlsChange;
  readonly ws?: UpgradeRequest;
}

export interface AcceptOptions extends PeerOptions {
  readonly pin?: string;
  /** Host in the address that the testee dials. */
  readonly host?: string;
  readonly tls?: TlsChange;
  readonly ws?: UpgradeAnswer;
}

/** One end of a connection, not yet known by its name. */
export function makePeer(stage: Stage, options: PeerOptions, role: 0 | 1, made: Handshaken): RawPeer {
  const { peer: name, hold = false, as = name } = options;
  const carrier = "carrier" in made ? made.carrier : new NoCarrier(stage.transport);
  const link = new WireLink(name, carrier, stage.trace);
  link.holds = hold;
  if ("refusal" in made) link.refuse(made.refusal);
  const identity = stage.identity(as);
  const node = stage.node(options.node);
  const authority = role === 0 ? authorityOf(link.facts.host ?? "", node.configured) : undefined;
  const facts = authority === undefined ? link.facts : { ...link.facts, authority };
  const peer = new RawPeer({ name, identity, role, link, facts, node, waitMs: stage.waitMs });
  stage.allPeers.push(peer);
  return peer;
}

function adopt(stage: Stage, options: PeerOptions, role: 0 | 1, made: Handshaken): RawPeer {
  return stage.addPeer(makePeer(stage, options, role, made));
}

/** A refusal that no change of the scenario asked for is the testee's fault. */
function checkMade(made: Handshaken, changed: boolean): void {
  if (changed || "carrier" in made) return;
  throw new StepFailure("the handshake of the carrier", made.refusal.detail);
}

/** Connects to a node of the testee as somebody that no step knows by a name. */
export async function dialPeer(stage: Stage, options: PeerOptions): Promise<RawPeer> {
  const made = await dialCarrier(stage.node(options.node).address, {}, stage.waitMs);
  checkMade(made, false);
  return makePeer(stage, options, 0, made);
}

/** Connects to a node of the testee; sends nothing. */
export async function connectPeer(stage: Stage, options: ConnectOptions): Promise<RawPeer> {
  const { bare, tls, ws } = options;
  const { address } = stage.node(options.node);
  const { port } = placeOf(address);
  // Only the testee knows its port.
  const host = ws?.host?.replace(/:port$/, `:${port}`);
  const upgrade = host === undefined ? ws : { ...ws, host };
  const change = { ...(bare && { bare }), ...(tls && { tls }), ...(upgrade && { ws: upgrade }) };
  const made = await dialCarrier(address, change, stage.waitMs);
  checkMade(made, tls !== undefined || ws !== undefined);
  const peer = adopt(stage, options, 0, made);
  peer.link.bare = bare !== undefined;
  return peer;
}

/** Lets a node of the testee dial; sends nothing. */
export async function acceptPeer(stage: Stage, options: AcceptOptions): Promise<RawPeer> {
  const { tls, ws } = options;
  const listener = await CarrierListener.open(stage.transport, options.host);
  const nodeId = options.pin === undefined ? "" : toHex(stage.identity(options.pin).nodeId);
  try {
    await stage.command("node.dial", { node: stage.node(options.node).handle, address: listener.address, nodeId });
    const made = await listener.accept({ ...(tls && { tls }), ...(ws && { ws }) }, stage.waitMs);
    checkMade(made, tls !== undefined || ws !== undefined);
    return adopt(stage, options, 1, made);
  } finally {
    listener.close();
  }
}

/** A node of the testee dials of its own accord; sends nothing. The listener stays open. */
export async function acceptAt(stage: Stage, listener: CarrierListener, options: PeerOptions): Promise<RawPeer> {
  const made = await listener.accept({}, stage.waitMs);
  checkMade(made, false);
  return adopt(stage, options, 1, made);
}

export async function ensurePreface(peer: RawPeer): Promise<void> {
  if (peer.ownPreface !== undefined) return;
  peer.ownPreface = PREFACE_V1;
  await peer.link.write(PREFACE_V1);
}

export async function ensureHello(stage: Stage, peer: RawPeer, options: HelloOptions = {}): Promise<void> {
  if (peer.ownHello !== undefined) return;
  await ensurePreface(peer);
  await sendHello(stage, peer, options);
}

export async function ensureTheirHello(stage: Stage, peer: RawPeer, options: HelloOptions = {}): Promise<void> {
  if (peer.theirHello !== undefined) return;
  // A responder of the testee's speaks second, an initiator first.
  if (peer.role === 0) await ensureHello(stage, peer, options);
  await expectHello(stage, peer);
}

export async function ensureTheirProof(stage: Stage, peer: RawPeer, options: HelloOptions = {}): Promise<void> {
  if (peer.theirProof !== undefined) return;
  await ensureTheirHello(stage, peer, options);
  if (peer.role === 1) await ensureOwnProof(stage, peer, {}, options);
  await expectProof(peer);
}

async function ensureOwnProof(
  stage: Stage,
  peer: RawPeer,
  proof: ProofOptions = {},
  hello: HelloOptions = {},
): Promise<void> {
  if (peer.ownProof !== undefined) return;
  await ensureTheirHello(stage, peer, hello);
  if (peer.role === 0) await ensureTheirProof(stage, peer, hello);
  await ensureHello(stage, peer, hello);
  await sendProof(stage, peer, proof);
}

/** Completes the handshake: the responder's first PING is asked for and answered, the testee's report awaited. */
export async function completeHandshake(
  stage: Stage,
  peer: RawPeer,
  { hello = {}, up = true }: { readonly hello?: HelloOptions; readonly up?: boolean } = {},
): Promise<void> {
  await ensureOwnProof(stage, peer, {}, hello);
  await ensureTheirProof(stage, peer, hello);
  if (peer.role === 0) {
    const { frame } = await peer.expectFrame("PING", REQUEST);
    await peer.link.writeFrame({ command: commandOf("PING"), flags: RESPONSE, tag: frame.tag });
  } else {
    await fence(peer);
  }
  peer.ready = true;
  peer.link.answersPing = true;
  if (up) await expectUp(stage, peer);
}

/** The rest of a handshake with a testee that dialled, whatever it sends right behind its PROOF: that stays in the queue. */
export async function answerHandshake(stage: Stage, peer: RawPeer, hello: HelloOptions = {}): Promise<void> {
  await ensureTheirProof(stage, peer, hello);
  const tag = peer.nextTag();
  await peer.link.writeFrame({ command: commandOf("PING"), flags: REQUEST, tag });
  const answer = await peer.link.arrivals.take(
    (one) => one.kind !== "frame" || (isCommand(one.frame, "PING") && one.frame.flags === RESPONSE),
    stage.waitMs,
  );
  if (answer?.kind !== "frame" || answer.frame.tag !== tag) {
    throw new StepFailure(`an answer to the first PING of ${peer.name}`, answer?.kind ?? "nothing in time");
  }
  peer.ready = true;
  peer.link.answersPing = true;
}

/** The testee reports the peer. */
export async function expectUp(stage: Stage, peer: RawPeer): Promise<void> {
  const wanted = toHex(peer.identity.nodeId);
  const { handle } = peer.node;
  const event = await stage.event((one) => one.event === "peer.up" && one["node"] === handle && one["peer"] === wanted);
  if (event === undefined) throw new StepFailure(`the event peer.up of ${peer.identity.name}`, stage.waitingText());
}

/** PING, whose answer must be the next frame; with `skip` the next but for broadcasts. */
export async function fence(
  peer: RawPeer,
  { tag = peer.nextTag(), skip = false }: { readonly tag?: number; readonly skip?: boolean } = {},
): Promise<void> {
  await peer.link.writeFrame({ command: commandOf("PING"), flags: REQUEST, tag });
  if (skip) await peer.skipBroadcasts();
  await peer.expectFrame("PING", RESPONSE, tag);
}

/** Orderly end from the runner's side: GOODBYE CLOSED, then the testee ends without a frame. */
export async function leave(stage: Stage, peer: RawPeer): Promise<void> {
  await sayGoodbye(peer, 101);
  // r[ws.goodbye]: on a WebSocket it is the testee that sends the first close frame.
  if (peer.link.hasHalfClose) peer.link.halfClose();
  const arrival = await peer.next();
  if (arrival?.kind !== "eof") throw new StepFailure("the end, without a frame", arrivalText(arrival));
  const wanted = toHex(peer.identity.nodeId);
  const { handle } = peer.node;
  const down = await stage.event(
    (one) => one.event === "peer.down" && one["node"] === handle && one["peer"] === wanted,
  );
  if (down === undefined) throw new StepFailure(`the event peer.down of ${peer.identity.name}`, stage.waitingText());
  peer.ready = false;
}

/** GOODBYE with a code. */
async function sayGoodbye(peer: RawPeer, code: number): Promise<void> {
  const payload = Uint8Array.of(0x08, (code & 0x7f) | 0x80, code >>> 7);
  await peer.link.writeFrame({ command: commandOf("GOODBYE"), payload });
}

let freshNames = 0;

/** A fresh connection of a fresh identity handshakes, fences and leaves. */
export async function expectAlive(stage: Stage, node?: string): Promise<void> {
  freshNames++;
  const as = stage.network.workBits > 0 ? "alive" : `alive-${freshNames % 64}`;
  const options = { peer: `alive ${freshNames}`, as };
  const peer = await connectPeer(stage, node === undefined ? options : { ...options, node });
  await completeHandshake(stage, peer);
  await fence(peer);
  await leave(stage, peer);
  peer.link.destroy();
}
