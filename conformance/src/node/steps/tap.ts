// Steps of a man in the middle between two nodes of the testee.
import { toHex } from "../../golden/index.js";
import { CarrierListener, dialCarrier, type Carrier, type Handshaken } from "../carrier/index.js";
import type { StepOf } from "../scenario.js";
import { eventText, type LinkEvent, type Stage, type TesteeNode } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { Tap } from "../tap.js";

const nameOf = ({ node, to }: { readonly node: string; readonly to: string }): string => `${node} to ${to}`;

/** One node is told to dial the other, and finds the runner in between. */
export async function tap(stage: Stage, step: StepOf<"tap">): Promise<void> {
  const [from, to] = [stage.node(step.node), stage.node(step.to)];
  const { certificate, bindingKinds } = step;
  const listener = await CarrierListener.open(stage.transport);
  try {
    const nodeId = toHex(to.identity.nodeId);
    await stage.command("node.dial", { node: from.handle, address: listener.address, nodeId });
    const change = certificate === undefined ? {} : { tls: { certificate } };
    const dialler = carrierOf(await listener.accept(change, stage.waitMs));
    const wanted = carrierOf(await dialCarrier(to.address, {}, stage.waitMs));
    stage.taps.set(nameOf(step), new Tap({ dialler, wanted, ...(bindingKinds && { bindingKinds }) }));
  } finally {
    listener.close();
  }
}

function carrierOf(made: Handshaken): Carrier {
  if ("carrier" in made) return made.carrier;
  throw new StepFailure("the handshake of the carrier", made.refusal.detail);
}

/**
 * Both nodes report the other one as a peer when nothing but the certificate binds them and the tap shows the same one, or nothing binds
 * them at all; else both report that the handshake was refused as BAD_PROOF.
 */
export async function expectTapped(stage: Stage, step: StepOf<"expectTapped">): Promise<void> {
  const [from, to] = [stage.node(step.node), stage.node(step.to)];
  const isFaithful = await stage.taps.get(nameOf(step))?.isFaithful(stage.waitMs);
  if (isFaithful === undefined) throw new StepFailure("HELLO of both nodes", "nothing in time");
  if (isFaithful) {
    await expectOne(stage, from, { event: "peer.up", peer: toHex(to.identity.nodeId) });
    return expectOne(stage, to, { event: "peer.up", peer: toHex(from.identity.nodeId) });
  }
  await expectOne(stage, from, { event: "refused", role: "initiator", by: "local", code: "BAD_PROOF" });
  await expectOne(stage, to, { event: "refused", role: "responder", by: "remote", code: "BAD_PROOF" });
}

async function expectOne(stage: Stage, node: TesteeNode, members: LinkEvent): Promise<void> {
  const wanted = Object.entries({ ...members, node: node.handle });
  const event = await stage.event((one) => wanted.every(([key, value]) => one[key] === value));
  if (event !== undefined) return;
  throw new StepFailure(`the event ${eventText(members)} at ${node.name}`, stage.waitingText());
}
