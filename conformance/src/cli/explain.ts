// The verb `explain`: a case or a rule, with everything that helps to understand it.
import { annotate, annotationLines } from "../annotate/index.js";
import { loadCases, type Case, type CodecCase } from "../case/index.js";
import { expectationText, goldenReply, replyText } from "../codec/index.js";
import { fromHex } from "../golden/index.js";
import { inputLines, rerunLine } from "../report/index.js";
import type { Rule } from "../spec/rule.js";
import { rulesById } from "./rule-texts.js";
import { EXIT, parseWords, UsageError, type Verb } from "./verb.js";

const usage = `usage: motet-conformance explain CASE|RULE

CASE: the rules' texts, what is asked and expected, the bytes explained, how to run it.
RULE: its text and the cases that prove it.
`;

function ruleLines(id: string, rules: ReadonlyMap<string, Rule>): string[] {
  const rule = rules.get(id);
  if (rule === undefined) return [`r[${id}]`];
  return [`r[${id}] ${rule.text}`, `  ${rule.file}:${rule.line}`];
}

/** Bytes of the case: those it sends, or those that encoding should give. */
function byteLines(testCase: CodecCase): string[] {
  const input = inputLines(testCase);
  if (input.length > 0) return ["", "bytes", ...input];
  const { type, name } = testCase.in as { type?: string; name?: string };
  const reply = testCase.op === "codec.encode" ? goldenReply(testCase.op, testCase.in) : undefined;
  if (type === undefined || reply?.kind !== "ok" || typeof reply.ok["bytes"] !== "string") return [];
  return [
    "",
    "bytes, in one of the allowed forms",
    ...annotationLines(annotate(type, fromHex(reply.ok["bytes"]), name)),
  ];
}

function codecLines(testCase: CodecCase): string[] {
  const golden = goldenReply(testCase.op, testCase.in);
  return [
    `request   ${testCase.op} ${JSON.stringify(testCase.in)}`,
    `expected  ${expectationText(testCase.expect)}`,
    `golden    ${replyText(golden)}`,
    ...byteLines(testCase),
  ];
}

function caseLines(testCase: Case, rules: ReadonlyMap<string, Rule>): string[] {
  const control = testCase.control === undefined ? [] : [`control   ${testCase.control}`];
  const body =
    testCase.tier === "codec" ? codecLines(testCase) : [`scenario  ${JSON.stringify(testCase.scenario, undefined, 2)}`];
  return [
    `${testCase.id} (${testCase.level}, since version ${testCase.since})`,
    testCase.comment,
    "",
    ...testCase.rules.flatMap((id) => ruleLines(id, rules)),
    "",
    ...control,
    ...body,
    "",
    rerunLine(testCase.id, "CMD"),
  ];
}

function explain(args: readonly string[]): number {
  const { positionals } = parseWords("explain", { args: [...args], options: {}, allowPositionals: true });
  const [wish, ...more] = positionals;
  if (wish === undefined || more.length > 0)
    throw new UsageError("explain takes one case or rule. Next step: motet-conformance list");
  const cases = loadCases();
  const rules = rulesById();
  const id = /^(?:r\[)?([^\]]*)\]?$/.exec(wish)?.[1] ?? wish;
  const testCase = cases.find((candidate) => candidate.id === id);
  const proving = cases.filter((candidate) => candidate.rules.includes(id));
  if (testCase === undefined && proving.length === 0 && !rules.has(id)) {
    throw new UsageError(`there is no case and no rule ${wish}. Next step: motet-conformance list`);
  }
  const lines =
    testCase === undefined
      ? [...ruleLines(id, rules), "", `${proving.length} cases`, ...proving.map((one) => `  ${one.id}  ${one.comment}`)]
      : caseLines(testCase, rules);
  process.stdout.write(`${lines.join("\n")}\n`);
  return EXIT.asDeclared;
}

export const explainVerb: Verb = { name: "explain", summary: "explain a case or a rule", usage, run: explain };
