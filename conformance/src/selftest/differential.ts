// Law 1: golden and reference must judge alike, on all vectors and on random neighbours of the right ones.
import type { Case, CodecCase } from "../case/index.js";
import { goldenReply, sameJson } from "../codec/index.js";
import { LinkError, type Reply, Testee } from "../link/index.js";
import { disturb, type Input } from "./disturb.js";
import { Random } from "./random.js";
import type { DifferentialResult, Disagreement } from "./report.js";
import { shrink } from "./shrink.js";

export interface DifferentialOptions {
  /** Program and arguments of the reference's adapter. */
  readonly command: readonly string[];
  readonly cases: readonly Case[];
  /** Random inputs beyond the vectors. */
  readonly inputs: number;
  readonly seed: number;
}

interface Question {
  readonly op: string;
  readonly in: Input;
  readonly from: string;
}

/** Disagreements that are made small and shown; more of them rarely tell more. */
const shown = 10;

/** Operations whose answer is one value, not one of several encodings. */
const oneAnswer = new Set(["codec.decode", "codec.derive", "codec.feed"]);

function replyText(reply: Reply): string {
  if (reply.kind === "ok") return `ok ${JSON.stringify(reply.ok)}`;
  if (reply.kind === "reject") return `reject ${reply.code}`;
  return reply.kind === "fault" ? `fault ${reply.message}` : `unsupported ${reply.feature}`;
}

/** A bug of the golden codec is a disagreement like any other. */
function askGolden({ op, in: input }: Question): Reply {
  try {
    return goldenReply(op, input);
  } catch (error) {
    return { kind: "fault", message: String(error) };
  }
}

async function ask(testee: Testee, { op, in: input }: Question): Promise<Reply> {
  testee.beginCase();
  try {
    await testee.ensureAlive();
    return await testee.request(op, input);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return { kind: "fault", message: `${error.kind}: ${error.message}` };
  }
}

function agree(op: string, golden: Reply, reference: Reply): boolean {
  if (golden.kind === "reject") return reference.kind === "reject" && golden.code === reference.code;
  if (golden.kind !== "ok" || reference.kind !== "ok") return false;
  return !oneAnswer.has(op) || sameJson(golden.ok, reference.ok);
}

/** Decoders that are asked about neighbours: what one vector decodes well, every neighbour is a fair question for. */
function* neighbours(vectors: readonly CodecCase[], inputs: number, seed: number): Generator<Question> {
  const right = vectors.filter(({ op, expect }) => op === "codec.decode" && "ok" in expect);
  const types = [...new Set(right.map((vector) => vector.in["type"]))].map((type) =>
    right.filter((vector) => vector.in["type"] === type),
  );
  const random = new Random(seed);
  for (let made = 0; made < inputs && types.length > 0; made++) {
    const { op, in: input, id } = random.pick(random.pick(types));
    yield { op, in: disturb(input, random), from: id };
  }
}

/** What has to stay the same while an input is made smaller: the verdicts and their codes, not the values. */
function verdictText(reply: Reply): string {
  return reply.kind === "reject" ? `reject ${reply.code}` : reply.kind;
}

async function minimal(testee: Testee, question: Question): Promise<Question> {
  const key = typeof question.in["text"] === "string" ? "text" : "bytes";
  const start = question.in[key];
  if (question.op !== "codec.decode" || typeof start !== "string") return question;
  const verdict = async (value: string): Promise<string> => {
    const candidate = { ...question, in: { ...question.in, [key]: value } };
    const golden = askGolden(candidate);
    const reference = await ask(testee, candidate);
    return agree(question.op, golden, reference) ? "" : `${verdictText(golden)}, ${verdictText(reference)}`;
  };
  const first = await verdict(start);
  const smallest = await shrink(start, key === "bytes", async (value) => (await verdict(value)) === first);
  return { ...question, in: { ...question.in, [key]: smallest } };
}

async function disagreementOf(testee: Testee, question: Question): Promise<Disagreement> {
  const small = await minimal(testee, question);
  return { ...small, golden: replyText(askGolden(small)), reference: replyText(await ask(testee, small)) };
}

export async function runDifferential(options: DifferentialOptions): Promise<DifferentialResult> {
  const vectors = options.cases.filter((testCase) => testCase.tier === "codec");
  const questions = [
    ...vectors.map(({ op, in: input, id }) => ({ op, in: input, from: id })),
    ...neighbours(vectors, options.inputs, options.seed),
  ];
  const testee = await Testee.start({ command: options.command, maxCrashes: Infinity });
  const apart: Question[] = [];
  try {
    for (const question of questions) {
      const golden = askGolden(question);
      if (!agree(question.op, golden, await ask(testee, question))) apart.push(question);
    }
    const examples: Disagreement[] = [];
    for (const question of apart.slice(0, shown)) examples.push(await disagreementOf(testee, question));
    return { inputs: questions.length, disagreements: apart.length, examples };
  } finally {
    await testee.kill();
  }
}
