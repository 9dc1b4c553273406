// A node of a testee as the stages of interop hold it: started, told what to do, asked what came of it. One request at a time
// goes to each testee; what comes of it is awaited beside that. Knows nothing of what is right.
import { sha256, toHex, utf8 } from "../golden/index.js";
import type { Testee, TesteeEvent } from "../link/index.js";
import { localAddress, type Scheme } from "../node/index.js";

export interface MemberPlan {
  /** Distinguishes its identity from those of the others. */
  readonly index: number;
  /** Descriptor in hex. */
  readonly network: string;
  readonly transport: Scheme;
  readonly limits: Readonly<Record<string, string>>;
  readonly patienceMs: number;
}

type Input = Readonly<Record<string, unknown>>;

/** The last request to each testee: the next one waits for its reply. */
const lines = new WeakMap<Testee, Promise<unknown>>();

async function call(testee: Testee, op: string, input: Input): Promise<Input> {
  const reply = await testee.request(op, input);
  if (reply.kind === "ok") return reply.ok;
  throw new Error(`${testee.hello.implementation.name}: ${op} was answered with ${reply.kind}`);
}

function inTurn(testee: Testee, op: string, input: Input): Promise<Input> {
  const before = lines.get(testee) ?? Promise.resolve();
  const answer = before.then(
    () => call(testee, op, input),
    () => call(testee, op, input),
  );
  lines.set(testee, answer);
  return answer;
}

/** A member of the ring, JOINING until it is told where. */
export class Member {
  readonly testee: Testee;
  readonly nodeId: string;
  readonly address: string;
  /** The testee's number for it. */
  readonly #node: number;
  readonly #patienceMs: number;

  private constructor(testee: Testee, started: Input, patienceMs: number) {
    this.testee = testee;
    this.nodeId = String(started["nodeId"]);
    this.address = (started["addresses"] as readonly string[])[0] ?? "";
    this.#node = Number(started["node"]);
    this.#patienceMs = patienceMs;
  }

  static async start(testee: Testee, { index, network, transport, limits, patienceMs }: MemberPlan): Promise<Member> {
    const seed = toHex(sha256(utf8(`motet interop ${index}`)));
    const listen = [localAddress(transport)];
    const input = { seed, network, listen, incarnation: "0", limits, member: true };
    return new Member(testee, await inTurn(testee, "node.start", input), patienceMs);
  }

  /** For complaints. */
  get name(): string {
    return `node ${this.nodeId.slice(0, 8)} (${this.testee.hello.implementation.language})`;
  }

  async tell(op: string, input: Input = {}): Promise<Input> {
    return inTurn(this.testee, op, { node: this.#node, ...input });
  }

  /** Makes a request, and answers the event that came of it: `failed` as well. */
  async ask(op: string, input: Input): Promise<TesteeEvent> {
    const { request } = await this.tell(op, input);
    const event = await this.hear((one) => one["request"] === request);
    return event ?? { event: "failed", code: "no event" };
  }

  /** Waits for an event of this node, which may have come already; nothing when patience ends. */
  hear(fits: (event: TesteeEvent) => boolean): Promise<TesteeEvent | undefined> {
    return this.testee.events.next((event) => event["node"] === this.#node && fits(event), this.#patienceMs);
  }
}
