// HELLO of a raw peer, right unless a scenario changes something, and the judgement of the testee's.
import {
  buildRecord,
  commandOf,
  decodeRecord,
  flipped,
  fromHex,
  fromLinkValue,
  GoldenError,
  layMessage,
} from "../golden/index.js";
import { domainHash, limitOf, nodeIdOf, toHex, utf8, type Bytes, type MessageValue } from "../golden/index.js";
import { changePayload } from "./payload.js";
import type { RawPeer } from "./peer.js";
import type { HelloOptions, RecordChange } from "./scenario.js";
import type { Stage } from "./stage.js";
import { expectSame, StepFailure } from "./step-failure.js";

const LIFETIME_MS = 3_600_000;
/** Incarnation of every raw peer that says nothing else. */
const INCARNATION = "1700000000000";

/** Peer record of an identity, with its changes. */
function recordOf(stage: Stage, name: string, change: RecordChange): Bytes {
  const { seed } = stage.identity(change.as ?? name);
  const issued = BigInt(stage.now() + (change.issued ?? 0));
  const { addresses = [], features = [] } = change;
  const body = change.body === undefined ? layMessage("PeerRecordBody", { addresses, features }) : fromHex(change.body);
  const record = buildRecord({
    seed,
    networkId: change.otherNetwork === true ? domainHash("motet/1 network", utf8("another")) : stage.networkId,
    issued,
    expires: issued + BigInt(change.lifetime ?? LIFETIME_MS),
    incarnation: BigInt(change.incarnation ?? INCARNATION),
    body,
    nodeId: change.nodeId === undefined ? nodeIdOf(seed) : fromHex(change.nodeId),
  });
  return change.flipped === true ? flipped(record, -64) : record;
}

/** The least receive limit that the network allows: r[session.hello.limit]. */
function leastReceiveLimit(stage: Stage): number {
  return Math.max(stage.network.maxMessage, stage.network.maxValue) + limitOf("RECEIVE_HEADROOM_BYTES");
}

function resolved(stage: Stage, value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("@")) return value;
  return toHex(stage.identity(value.slice(1)).nodeId);
}

/** Payload of a HELLO. */
function buildHello(stage: Stage, peer: RawPeer, options: HelloOptions): Bytes {
  if (options.like !== undefined) return stage.peer(options.like).ownHello ?? new Uint8Array();
  const set = Object.entries(options.set ?? {}).map(([key, value]) => [key, resolved(stage, value)] as const);
  const value: MessageValue = {
    networkId: stage.networkId,
    nonce: stage.random(32),
    record: recordOf(stage, peer.identity.name, options.record ?? {}),
    clockMs: BigInt(stage.now()),
    dialCounter: peer.role === 0 ? stage.nextDial(peer.identity.name) : 0,
    receiveLimit: Math.max(limitOf("RECEIVE_BYTES"), leastReceiveLimit(stage)),
    agent: "motet-conformance",
    ...fromLinkValue("Hello", Object.fromEntries(set)),
  };
  return changePayload(layMessage("Hello", value), options);
}

/** Judges the testee's HELLO and remembers it. */
export async function expectHello(stage: Stage, peer: RawPeer): Promise<void> {
  const { frame, value } = await peer.expectFrame("HELLO", 0, 0);
  peer.theirHello = frame.payload;
  expectSame("network id", toHex(stage.networkId), toHex(value["networkId"] as Bytes));
  expectSame("node id", toHex(peer.node.identity.nodeId), recordNodeId(stage, value["record"] as Bytes));
  const limit = Number(value["receiveLimit"]);
  if (limit < leastReceiveLimit(stage))
    throw new StepFailure(`a receive limit from ${leastReceiveLimit(stage)} on`, `${limit}`);
  const nonce = toHex(value["nonce"] as Bytes);
  const poor = new Set(nonce.match(/../g)).size < 8;
  if (stage.nonces.has(nonce) || poor) throw new StepFailure("32 fresh random bytes as nonce", nonce);
  stage.nonces.add(nonce);
}

function recordNodeId(stage: Stage, bytes: Bytes): string {
  try {
    return toHex(decodeRecord(bytes, stage.descriptor).record.nodeId);
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    throw new StepFailure("a right record in HELLO", error.message);
  }
}

/** Sends HELLO. */
export async function sendHello(stage: Stage, peer: RawPeer, options: HelloOptions): Promise<void> {
  peer.ownHello = buildHello(stage, peer, options);
  const { command = commandOf("HELLO"), flags = 0, tag = 0, length } = options.frame ?? {};
  await peer.link.writeFrame({ command, flags, tag, payload: peer.ownHello }, length);
}
