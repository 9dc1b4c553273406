// The verb `doctor`: does this testee speak link/1, step by step, and what is wrong when it does not.
import { LinkError, Testee, type Reply } from "../link/index.js";
import { replyText } from "../codec/index.js";
import { describe, encodeDescriptor, sha256, toHex, utf8 } from "../golden/index.js";
import { localAddress, schemes, type Scheme } from "../node/index.js";
import { testeeCommand } from "./run-options.js";
import { EXIT, parseWords, positiveNumber, type Verb } from "./verb.js";

const usage = `usage: motet-conformance doctor --testee "CMD" [--multiplier N]

Starts the testee and tries each kind of request once. Exit: 0 healthy, 1 something is wrong, 3 it does not start.
`;

interface Check {
  readonly name: string;
  readonly op: string;
  readonly in: Readonly<Record<string, unknown>>;
  /** Feature without which `unsupported` is the right answer. */
  readonly feature?: string;
  readonly good: (reply: Reply) => boolean;
  readonly hint: string;
}

/** Starts a node that listens over one carrier. */
function startCheck(scheme: Scheme): Check {
  const input = {
    seed: toHex(sha256(utf8("motet doctor"))),
    network: toHex(encodeDescriptor(describe("motet-doctor", { policy: 0 }))),
    listen: [localAddress(scheme)],
    incarnation: "0",
    limits: {},
  };
  return {
    name: `starts a node that listens at ${scheme}`,
    op: "node.start",
    in: input,
    feature: scheme === "tcp" ? "node" : scheme,
    good: (reply) => reply.kind === "ok" && String(reply.ok["addresses"]).startsWith(`${scheme}://127.0.0.1:`),
    hint: "answer with node, nodeId and addresses as bound; see node.start in LINK.md",
  };
}

const CHECKS: readonly Check[] = [
  {
    name: "decodes a preface",
    op: "codec.decode",
    in: { type: "preface", bytes: "4d4f544554010100" },
    feature: "codec",
    good: (reply) => reply.kind === "ok" && reply.ok["lowest"] === 1 && reply.ok["highest"] === 1,
    hint: 'answer {"id":N,"ok":{"lowest":1,"highest":1}}',
  },
  {
    name: "refuses with a code",
    op: "codec.decode",
    in: { type: "preface", bytes: "0000000000000000" },
    feature: "codec",
    good: (reply) => reply.kind === "reject" && reply.code === "NOT_MOTET",
    hint: 'answer {"id":N,"reject":{"code":"NOT_MOTET"}}: a refusal is no fault',
  },
  {
    name: "says what it does not do",
    op: "codec.decode",
    in: { type: "no-such-type", bytes: "" },
    good: (reply) => reply.kind === "unsupported" || reply.kind === "fault",
    hint: 'answer {"id":N,"unsupported":{"feature":"no-such-type"}} to what you do not know',
  },
  {
    name: "resets",
    op: "reset",
    in: {},
    good: (reply) => reply.kind === "ok",
    hint: 'answer {"id":N,"ok":{}} to reset, also without nodes',
  },
  ...schemes.map(startCheck),
  {
    name: "has a clock, if it says so",
    op: "clock.advance",
    in: { ms: 1 },
    feature: "clock",
    good: (reply) => reply.kind === "ok",
    hint: 'answer {"id":N,"ok":{}} to clock.advance, or do not declare clock',
  },
];

async function tryCheck(testee: Testee, check: Check): Promise<boolean> {
  const declared = check.feature === undefined || testee.hello.features.includes(check.feature);
  const say = (mark: string, text: string): void => void process.stdout.write(`${mark} ${check.name}${text}\n`);
  try {
    await testee.ensureAlive();
    testee.beginCase();
    const reply = await testee.request(check.op, check.in);
    const good = declared ? check.good(reply) : reply.kind === "unsupported";
    if (good) say("ok  ", declared ? "" : ` (not declared, and unsupported)`);
    else if (declared) say("bad ", `: it answered ${replyText(reply)}. Next step: ${check.hint}`);
    else
      say(
        "bad ",
        `: ${check.feature} is not declared, but it answered ${replyText(reply)}. Next step: declare it in hello`,
      );
    return good;
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    say("bad ", `: ${error.message}. Next step: ${check.hint}`);
    for (const line of testee.stderrTail().slice(-5)) process.stdout.write(`       ${line}\n`);
    return false;
  }
}

async function doctor(args: readonly string[]): Promise<number> {
  const options = { testee: { type: "string" }, multiplier: { type: "string" } } as const;
  const { values } = parseWords("doctor", { args: [...args], options });
  const command = testeeCommand("doctor", values.testee);
  const testee = await Testee.start({ command, multiplier: positiveNumber("multiplier", values.multiplier) ?? 1 });
  const { implementation, versions, features } = testee.hello;
  process.stdout.write(
    `ok   says hello: ${implementation.name} ${implementation.version} (${implementation.language})\n`,
  );
  process.stdout.write(`     versions ${versions.join(", ")}; features ${features.join(", ") || "none"}\n`);
  let good = true;
  for (const check of CHECKS) good = (await tryCheck(testee, check)) && good;
  await testee.shutdown();
  return good ? EXIT.asDeclared : EXIT.unexpected;
}

export const doctorVerb: Verb = { name: "doctor", summary: "look whether a testee speaks link/1", usage, run: doctor };
