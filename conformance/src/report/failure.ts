// One failure, for people: the rule's text, expected and actual, the bytes with the place that decides, stderr, how to run it again.
import { annotate, annotationLines } from "../annotate/index.js";
import type { Case, CaseResult, CodecCase } from "../case/index.js";
import { goldenRefusal } from "../codec/index.js";
import { fromHex } from "../golden/index.js";

export interface FailureContext {
  /** Text of a rule, where the specification is at hand. */
  readonly ruleText: (id: string) => string | undefined;
  /** The words that came after --testee. */
  readonly testee: string;
  /** What --transport said. */
  readonly transport?: string;
}

const WIDTH = 400;
const clip = (whole: string): string => clipLine(whole.replace(/\s*\n\s*/g, " | "));
const clipLine = (text: string): string =>
  text.length > WIDTH ? `${text.slice(0, WIDTH)}… (${text.length} characters)` : text;

/** A word of a command line, in quotes where a shell needs them. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/(["\\$`])/g, "\\$1")}"`;
}

export function rerunLine(id: string, testee: string, transport = "tcp"): string {
  const over = transport === "tcp" ? "" : ` --transport ${transport}`;
  return `motet-conformance run --testee ${shellWord(testee)}${over} --case ${shellWord(id)}`;
}

/** First difference of two texts, shown in a window with the byte marked when it stands in hex. */
export function differenceLines(expected: string, actual: string): string[] {
  if (expected === actual) return [];
  const limit = Math.min(expected.length, actual.length);
  let at = 0;
  while (at < limit && expected[at] === actual[at]) at++;
  const before = /[0-9a-f]*$/.exec(expected.slice(0, at))?.[0] ?? "";
  // In a run of hex, the mark stands under the whole byte.
  const inHex = before.length >= 4 && /^[0-9a-f]{2}/.test(expected.slice(at - (before.length % 2)));
  const mark = inHex ? at - (before.length % 2) : at;
  const start = Math.max(0, mark - 32);
  const window = (text: string): string => `${start > 0 ? "…" : " "}${text.slice(start, mark + 40)}`;
  const where = inHex ? `^^ byte ${Math.floor(before.length / 2)}` : "^";
  const pad = " ".repeat(mark - start + 1);
  return [`expected ${window(expected)}`, `actual   ${window(actual)}`, `         ${pad}${where}`];
}

/** Input bytes of a codec case, explained, with the byte marked that must make it refuse. */
export function inputLines(testCase: CodecCase): string[] {
  const { type, bytes, name } = testCase.in as { type?: string; bytes?: string; name?: string };
  if (type === undefined || bytes === undefined || testCase.op !== "codec.decode") return [];
  const offset = "reject" in testCase.expect ? goldenRefusal(testCase.op, testCase.in)?.offset : undefined;
  return annotationLines(annotate(type, fromHex(bytes), name), offset);
}

/** Lines about one failure; `short` leaves out the explained bytes. */
export function failureLines(result: CaseResult, testCase: Case | undefined, context: FailureContext): string[] {
  const { id, status, rules, message, step, expected, actual, stderr = [] } = result;
  const lines = [`${status.toUpperCase()} ${id}${step === undefined ? "" : `, step ${step}`}`];
  const say = (name: string, text: string | undefined): void => {
    if (text !== undefined && text !== "") lines.push(`  ${name.padEnd(9)}${text}`);
  };
  if (testCase !== undefined) say("case", testCase.comment);
  say("what", message);
  for (const rule of rules) say("rule", `r[${rule}] ${context.ruleText(rule) ?? ""}`.trimEnd());
  say("expected", expected === undefined ? undefined : clip(expected));
  say("actual", actual === undefined ? undefined : clip(actual));
  const bothValues = expected?.startsWith("ok ") === true && actual?.startsWith("ok ") === true;
  if (bothValues) lines.push(...differenceLines(expected, actual).map((line) => `    ${line}`));
  if (testCase?.tier === "codec") {
    const bytes = inputLines(testCase);
    if (bytes.length > 0 && bytes.length <= 30) lines.push("  bytes", ...bytes.map((line) => `  ${line}`));
  }
  if (stderr.length > 0) lines.push("  stderr", ...stderr.slice(-10).map((line) => `    ${clip(line)}`));
  say("again", rerunLine(id, context.testee, context.transport));
  return lines;
}
