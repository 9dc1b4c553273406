// Adds up what the steps of `make test` left behind, one line per step; the last line is `N passed, N failed`.
// `--failed` says that a step ended badly: if no case tells why, that step itself counts as one failure.
import { existsSync, readFileSync } from "node:fs";

const steps = [
  { name: "unit tests", file: "node_modules/.cache/results/unit.json", count: countUnit },
  { name: "reference node", file: "conformance/out/reference.json", count: countConformance },
  { name: "… over tls", file: "conformance/out/reference-tls.json", count: countConformance },
  { name: "… over ws", file: "conformance/out/reference-ws.json", count: countConformance },
  { name: "Python port", file: "conformance/out/python.json", count: countConformance },
  { name: "… over tls", file: "conformance/out/python-tls.json", count: countConformance },
  { name: "judge itself", file: "conformance/out/selftest.json", count: countSelftest },
];

function countUnit(report) {
  // A file that does not load has no tests, but it failed all the same.
  const broken = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length };
}

/** A failure that the port declared passes; a case that does not apply counts neither way. */
function countConformance({ totals }) {
  const passed = totals.pass + (totals.xfail ?? 0);
  const bad = ["fail", "fault", "crash", "timeout", "inconclusive", "flaky", "xpass"];
  return { passed, failed: bad.reduce((sum, status) => sum + (totals[status] ?? 0), 0) };
}

/** Each null testee must pass nothing, each mutant must be noticed, the two codecs must agree. */
function countSelftest({ nullTestees = [], mutants = [], differential }) {
  const verdicts = [
    ...nullTestees.map((testee) => testee.scoredPasses === 0),
    ...mutants.map((mutant) => mutant.killed),
    ...(differential ? [differential.disagreements === 0] : []),
  ];
  const passed = verdicts.filter(Boolean).length;
  return { passed, failed: verdicts.length - passed };
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

const total = { passed: 0, failed: 0 };
for (const { name, file, count } of steps) {
  if (!existsSync(file)) {
    console.log(`${name.padEnd(16)} not run`);
    continue;
  }
  const report = read(file);
  const { passed, failed } = report ? count(report) : { passed: 0, failed: 1 };
  console.log(`${name.padEnd(16)} ${passed} passed, ${failed} failed${report ? "" : " (no readable report)"}`);
  total.passed += passed;
  total.failed += failed;
}
if (process.argv.includes("--failed") && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
