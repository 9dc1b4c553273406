// The codec tier: one request, one reply, compared with the expectation of the case.
import { decodeMessage, decompress, fromHex, GoldenError, toHex, toLinkValue, type Bytes } from "../golden/index.js";
import {
  resultOf,
  resultOfError,
  type Case,
  type CaseResult,
  type Expectation,
  type RunContext,
  type TierRunner,
} from "../case/index.js";
import type { Reply } from "../link/index.js";
import { sameJson, sortedJson } from "./compare.js";

export interface Judgement {
  readonly passed: boolean;
  readonly expected: string;
  readonly actual: string;
}

/** A reply as one line of text. */
export function replyText(reply: Reply): string {
  if (reply.kind === "ok") return `ok ${sortedJson(reply.ok)}`;
  if (reply.kind === "reject") return `reject ${reply.code}`;
  return reply.kind === "fault" ? `fault: ${reply.message}` : `unsupported ${reply.feature}`;
}

/** An expectation as one line of text. */
export function expectationText(expect: Expectation): string {
  if ("ok" in expect) return `ok ${sortedJson(expect.ok)}`;
  if ("reject" in expect) return `reject ${expect.reject.join(" or ")}`;
  if ("equivalent" in expect) return `bytes of ${expect.equivalent.name} ${sortedJson(expect.equivalent.value)}`;
  return "anything";
}

type Value = Readonly<Record<string, unknown>>;

function decodeAs({ name, value }: { name: string; value: Value }, bytes: Bytes): Value {
  if (name !== "compressed") return toLinkValue(name, decodeMessage(name, bytes));
  const compression = Number(value["compression"]);
  return { compression, payload: toHex(decompress(compression, bytes, String(value["payload"]).length / 2)) };
}

function judgeEquivalent(wanted: { name: string; value: Value }, reply: Reply): Judgement {
  const expected = `bytes that decode to ${wanted.name} ${sortedJson(wanted.value)}`;
  if (reply.kind !== "ok") return { passed: false, expected, actual: replyText(reply) };
  try {
    const value = decodeAs(wanted, fromHex(String(reply.ok["bytes"])));
    const actual = `bytes ${String(reply.ok["bytes"])}, which decode to ${sortedJson(value)}`;
    return { passed: sameJson(value, wanted.value), expected, actual };
  } catch (error) {
    if (!(error instanceof GoldenError)) throw error;
    return { passed: false, expected, actual: `bytes ${String(reply.ok["bytes"])}, refused: ${error.message}` };
  }
}

/** Holds a reply against an expectation. */
export function judge(expect: Expectation, reply: Reply): Judgement {
  if ("equivalent" in expect) return judgeEquivalent(expect.equivalent, reply);
  const texts = { expected: expectationText(expect), actual: replyText(reply) };
  if ("observe" in expect) return { passed: true, ...texts };
  if ("reject" in expect) return { passed: reply.kind === "reject" && expect.reject.includes(reply.code), ...texts };
  return { passed: reply.kind === "ok" && sameJson(reply.ok, expect.ok), ...texts };
}

async function runCodec(testCase: Case, context: RunContext): Promise<CaseResult> {
  if (testCase.tier !== "codec") throw new TypeError(`${testCase.id} is no case of the codec tier`);
  const since = performance.now();
  const { testee } = context;
  try {
    const reply = await testee.request(testCase.op, testCase.in, context.stepMs);
    const { passed, expected, actual } = judge(testCase.expect, reply);
    if (passed) return resultOf(testCase, "pass", since, "observe" in testCase.expect ? { message: actual } : {});
    const stderr = testee.stderrTail();
    const code = reply.kind === "reject" ? { code: reply.code } : {};
    const message =
      reply.kind === "unsupported"
        ? "an operation of a feature that hello declares"
        : difference(testCase.expect, reply);
    return resultOf(testCase, reply.kind === "fault" ? "fault" : "fail", since, {
      message,
      expected,
      actual,
      stderr,
      ...code,
    });
  } catch (error) {
    return resultOfError(testCase, error, since, {
      expected: expectationText(testCase.expect),
      stderr: testee.stderrTail(),
    });
  }
}

function difference(expect: Expectation, reply: Reply): string {
  if (reply.kind === "fault")
    return "a fault is never a refusal: the testee must refuse with a code of the specification";
  if ("reject" in expect) return reply.kind === "ok" ? "accepted what must be refused" : "refused with another code";
  return reply.kind === "reject" ? `refused with ${reply.code} what must be accepted` : "another value";
}

export const codecTier: TierRunner = { tier: "codec", run: runCodec };
