// HELLO of a raw peer, right unless a scenario changes something, and the judgement of the testee's.
import { commandOf, decodeRecord, fromLinkValue, GoldenError, layMessage } from "../golden/index.js";
import { limitOf, toHex, type Bytes, type MessageValue } from "../golden/index.js";
import { checkKinds, kindsOfFacts } from "./binding.js";
import { changePayload } from "./payload.js";
import type { RawPeer } from "./peer.js";
import { recordOf } from "./record.js";
import type { HelloOptions } from "./scenario.js";
import type { Stage } from "./stage.js";
import { expectSame, StepFailure } from "./step-failure.js";
import { resolveMembers } from "./values.js";

/** The least receive limit that the network allows: r[session.hello.limit]. */
function leastReceiveLimit(stage: Stage): number {
  return Math.max(stage.network.maxMessage, stage.network.maxValue) + limitOf("RECEIVE_HEADROOM_BYTES");
}

/** Payload of a HELLO. */
function buildHello(stage: Stage, peer: RawPeer, options: HelloOptions): Bytes {
  if (options.like !== undefined) return stage.peer(options.like).ownHello ?? new Uint8Array();
  const value: MessageValue = {
    networkId: stage.networkId,
    nonce: stage.random(32),
    record: recordOf(stage, peer.identity.name, options.record ?? {}),
    clockMs: BigInt(stage.now()),
    dialCounter: peer.role === 0 ? stage.nextDial(peer.identity.name) : 0,
    receiveLimit: Math.max(limitOf("RECEIVE_BYTES"), leastReceiveLimit(stage)),
    agent: "motet-conformance",
    bindingKinds: kindsOfFacts(peer.facts),
    ...fromLinkValue("Hello", resolveMembers(stage, options.set ?? {})),
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
  checkKinds(stage, peer, value["bindingKinds"] as readonly number[]);
  checkCertificate(peer);
}

/** r[tls.key]: the testee's certificate holds another key than its node id. */
function checkCertificate({ role, facts, node }: RawPeer): void {
  if (role !== 0 || facts.certificate === undefined) return;
  const shown = toHex(facts.certificate);
  if (node.certificate !== undefined && shown !== toHex(node.certificate)) {
    throw new StepFailure("the certificate that the node was given", `another one, ${shown}`);
  }
  if (shown.includes(toHex(node.identity.nodeId))) {
    throw new StepFailure("a certificate of another key than the identity's", "the node id inside the certificate");
  }
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
