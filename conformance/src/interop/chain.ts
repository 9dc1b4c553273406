// A network of nodes of several testees, in a chain in which neighbours are of different testees as far as possible, so
// that each broadcast is relayed by all of them. Plays no peer itself: here the ports meet each other.
import { describe, encodeDescriptor, policyOf, sha256, toHex, utf8 } from "../golden/index.js";
import type { Reply, Testee, TesteeEvent } from "../link/index.js";
import { localAddress, type Scheme } from "../node/index.js";

export interface ChainOptions {
  readonly testees: readonly Testee[];
  /** Nodes that each testee runs. */
  readonly nodesEach: number;
  readonly signed: boolean;
  readonly transport: Scheme;
  /** Broadcasts of each node. */
  readonly messages: number;
  readonly patienceMs: number;
}

/** One node of the chain. */
interface Member {
  readonly testee: Testee;
  /** The testee's number for it. */
  readonly node: number;
  readonly nodeId: string;
  readonly address: string;
  /** Message id → hops of each delivery. */
  readonly deliveries: Map<string, number[]>;
}

const unsignedBroadcasts = policyOf("UNSIGNED_BROADCASTS");

/** The chain stays a chain, and nobody waits for the clock. */
const LIMITS = { PEERS_TARGET: "0", PUBLISHED_PER_SECOND: "0" };

const text = (value: unknown): string => (typeof value === "string" ? value : "");

async function ok(
  testee: Testee,
  op: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const reply: Reply = await testee.request(op, input);
  if (reply.kind === "ok") return { ...reply.ok };
  throw new Error(`${testee.hello.implementation.name}: ${op} was answered with ${reply.kind}`);
}

async function startMember(testee: Testee, index: number, network: string, transport: Scheme): Promise<Member> {
  const seed = toHex(sha256(utf8(`motet interop ${index}`)));
  const input = { seed, network, listen: [localAddress(transport)], incarnation: "0", limits: LIMITS };
  const started = await ok(testee, "node.start", input);
  const member: Member = {
    testee,
    node: Number(started["node"]),
    nodeId: text(started["nodeId"]),
    address: (started["addresses"] as readonly string[])[0] ?? "",
    deliveries: new Map(),
  };
  testee.events.on((event) => note(member, event));
  return member;
}

function note(member: Member, event: TesteeEvent): void {
  if (event.event !== "delivered" || event["node"] !== member.node) return;
  const id = text(event["id"]);
  member.deliveries.set(id, [...(member.deliveries.get(id) ?? []), Number(event["hops"])]);
}

/** Waits for an event that may have come already. */
async function expectEvent(
  member: Member,
  name: string,
  patienceMs: number,
  fits: (event: TesteeEvent) => boolean,
): Promise<void> {
  const match = (event: TesteeEvent): boolean => event.event === name && event["node"] === member.node && fits(event);
  const event = await member.testee.events.next(match, patienceMs);
  if (event === undefined) throw new Error(`no ${name} at a node of ${member.testee.hello.implementation.name}`);
}

async function connect(from: Member, to: Member, patienceMs: number): Promise<void> {
  await ok(from.testee, "node.dial", { node: from.node, address: to.address, nodeId: to.nodeId });
  await expectEvent(from, "peer.up", patienceMs, (event) => event["peer"] === to.nodeId);
  await expectEvent(to, "peer.up", patienceMs, (event) => event["peer"] === from.nodeId);
}

/** Sends everything, in turn, and answers each message id with the place of its origin. */
async function sendAll(chain: readonly Member[], messages: number): Promise<Map<string, number>> {
  const origins = new Map<string, number>();
  for (let message = 0; message < messages; message++) {
    for (const [place, { testee, node }] of chain.entries()) {
      const payload = toHex(utf8(`${message} from ${place}`));
      const sent = await ok(testee, "node.broadcast", { node, channel: "interop", payload });
      origins.set(text(sent["id"]), place);
    }
  }
  return origins;
}

/** Waits until each node has heard all the others, or patience ends. */
async function untilHeard(chain: readonly Member[], expected: number, patienceMs: number): Promise<void> {
  const end = Date.now() + patienceMs;
  for (const { testee, node, deliveries } of chain) {
    while (deliveries.size < expected && Date.now() < end) {
      const match = (event: TesteeEvent): boolean => event.event === "delivered" && event["node"] === node;
      await testee.events.next(match, end - Date.now());
    }
  }
}

function judge(chain: readonly Member[], origins: ReadonlyMap<string, number>): string[] {
  const complaints: string[] = [];
  for (const [place, { testee, deliveries }] of chain.entries()) {
    const who = `node ${place} (${testee.hello.implementation.language})`;
    for (const [id, origin] of origins) {
      const heard = deliveries.get(id) ?? [];
      const wanted = origin === place ? 0 : 1;
      if (heard.length !== wanted)
        complaints.push(`${who} delivered a broadcast of node ${origin} ${heard.length} times`);
      const hops = Math.abs(origin - place) - 1;
      if (wanted === 1 && heard.length === 1 && heard[0] !== hops)
        complaints.push(`${who} saw ${heard[0]} hops, not ${hops}`);
    }
  }
  return complaints;
}

/** Builds the chain, floods it from every node, stops it, and says what was wrong. */
export async function runChain(options: ChainOptions): Promise<string[]> {
  const { testees, nodesEach, signed, messages, transport, patienceMs } = options;
  const network = toHex(encodeDescriptor(describe("motet-interop", { policy: signed ? 0 : unsignedBroadcasts })));
  const chain: Member[] = [];
  for (let i = 0; i < nodesEach * testees.length; i++) {
    const member = await startMember(testees[i % testees.length] as Testee, i, network, transport);
    const before = chain.at(-1);
    if (before !== undefined) await connect(member, before, patienceMs);
    chain.push(member);
  }
  const origins = await sendAll(chain, messages);
  await untilHeard(chain, messages * (chain.length - 1), patienceMs);
  for (const { testee, node } of chain) await ok(testee, "node.stop", { node });
  return judge(chain, origins);
}
