// The report as JUnit XML, for build servers. Not applicable is skipped; every unexpected verdict is a failure.
import type { CaseResult } from "../case/index.js";
import { isExpected, type RunOutcome } from "../run/index.js";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** XML 1.0 has no way to write most control characters. */
const writable = (character: string): boolean => character >= " " || character === "\n" || character === "\t";

function escape(text: string): string {
  const clean = Array.from(text, (character) => (writable(character) ? character : "\ufffd")).join("");
  return clean.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one);
}

function testCase(result: CaseResult): string {
  const { id, status, ms, message = "", expected, actual, stderr = [] } = result;
  const slash = id.lastIndexOf("/");
  const names = `classname="${escape(id.slice(0, slash))}" name="${escape(id.slice(slash + 1))}" time="${(ms / 1000).toFixed(4)}"`;
  if (status === "pass") return `    <testcase ${names}/>`;
  const text = [message, expected && `expected: ${expected}`, actual && `actual: ${actual}`, ...stderr]
    .filter(Boolean)
    .join("\n");
  const kind = isExpected(status) ? "skipped" : "failure";
  return `    <testcase ${names}><${kind} message="${escape(`${status}: ${message}`)}">${escape(text)}</${kind}></testcase>`;
}

export function junitReport({ testee, results, totals, ms }: RunOutcome): string {
  const failures = results.filter(({ status }) => !isExpected(status)).length;
  const counts = `tests="${results.length}" failures="${failures}" skipped="${totals.notApplicable + totals.xfail}"`;
  const head = `  <testsuite name="${escape(`motet-conformance ${testee.name}`)}" ${counts} time="${(ms / 1000).toFixed(3)}">`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    head,
    ...results.map(testCase),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
