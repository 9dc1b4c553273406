// Steps about what carries a session: refusals of TLS and of the upgrade, frames of WebSocket, a resumed connection.
import { fromHex, WS } from "../../golden/index.js";
import { arrivalText, codeOf, type Arrival } from "../arrival.js";
import * as friendly from "../handshake.js";
import type { RawPeer } from "../peer.js";
import type { StepOf } from "../scenario.js";
import type { Stage } from "../stage.js";
import { StepFailure } from "../step-failure.js";
import { expectClose } from "./expect.js";

const MAGIC = "MOTET";

/** The connection ends, or was refused, before a byte of Motet, though the runner says hello where it can. */
export async function expectNoSession(stage: Stage, step: StepOf<"expectNoSession">): Promise<void> {
  const peer = stage.peer(step.peer);
  const { link } = peer;
  if (peer.role === 0 && !link.bare && !link.closed) await friendly.ensureHello(stage, peer);
  for (;;) {
    const arrival = await link.arrivals.next(stage.waitMs);
    const expected = `${peer.name} to get no session, not even a byte of one`;
    if (arrival === undefined || speaksMotet(arrival, link.bare)) {
      throw new StepFailure(
        expected,
        arrivalText(arrival),
        arrival?.kind === "frame" ? codeOf(arrival.frame) : undefined,
      );
    }
    if (arrival.kind === "eof" || arrival.kind === "reset" || arrival.kind === "refused") return;
  }
}

/** Below a bare connection other protocols may answer, above others nothing but Motet. */
function speaksMotet(arrival: Arrival, bare: boolean): boolean {
  if (arrival.kind === "preface") return !bare || Buffer.from(arrival.bytes).includes(MAGIC);
  if (arrival.kind === "eof") return arrival.rest.length > 0 && !bare;
  return (arrival.kind === "frame" || arrival.kind === "broken") && !bare;
}

/** The upgrade was answered with this status, or with any error. */
export async function expectHttp(stage: Stage, step: StepOf<"expectHttp">): Promise<void> {
  const { link, name } = stage.peer(step.peer);
  const wanted = step.status === undefined ? "an error of HTTP" : `HTTP ${step.status}`;
  const arrival = await link.arrivals.next(0);
  const status = arrival?.kind === "refused" ? arrival.status : undefined;
  const fits =
    status !== undefined && (step.status === undefined ? status >= 400 && status < 600 : status === step.status);
  if (!fits) throw new StepFailure(`${wanted} for ${name}`, link.closed ? arrivalText(arrival) : "an upgrade");
}

/** One frame of WebSocket, as it is said. */
export async function wsFrame(stage: Stage, step: StepOf<"wsFrame">): Promise<void> {
  const { fin = true, rsv = 0, bytes = "", length, wrongMask: isMaskWrong = false } = step;
  const opcode = typeof step.opcode === "number" ? step.opcode : WS[step.opcode];
  const frame = { opcode, payload: fromHex(bytes), fin, rsv, isMaskWrong };
  stage.peer(step.peer).link.writeBelow(length === undefined ? frame : { ...frame, length });
}

/**
 * Connects with the TLS session of an earlier connection. A testee that takes it up must refuse as BINDING; one that makes a fresh
 * handshake of it is right too, and serves.
 */
export async function resumeTls(stage: Stage, step: StepOf<"resumeTls">): Promise<void> {
  const earlier = stage.peer(step.of);
  const session = earlier.facts.session?.();
  const tls = session === undefined ? {} : { session };
  const peer = await friendly.connectPeer(stage, { peer: step.peer, node: earlier.node.name, tls });
  if (peer.facts.resumed !== true) return serve(stage, peer);
  await friendly.ensureHello(stage, peer);
  await expectClose(stage, { do: "expectClose", peer: step.peer, code: "BINDING" });
}

async function serve(stage: Stage, peer: RawPeer): Promise<void> {
  await friendly.completeHandshake(stage, peer);
  await friendly.fence(peer);
}
