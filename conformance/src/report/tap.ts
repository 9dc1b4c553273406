// The report in the Test Anything Protocol, version 14.
import type { CaseResult } from "../case/index.js";
import { isExpected, type RunOutcome } from "../run/index.js";

function tapLine(result: CaseResult, index: number): string {
  const { id, status, message = "", expected, actual } = result;
  const name = `${index + 1} - ${id}`;
  if (status === "pass") return `ok ${name}`;
  if (status === "notApplicable") return `ok ${name} # SKIP ${message}`;
  if (status === "xfail") return `not ok ${name} # TODO ${message}`;
  const details = { status, message, expected, actual };
  const yaml = Object.entries(details).filter(([, value]) => value !== undefined);
  return [`not ok ${name}`, "  ---", ...yaml.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`), "  ..."].join(
    "\n",
  );
}

export function tapReport({ results, testee, seed }: RunOutcome): string {
  const good = results.every(({ status }) => isExpected(status));
  const head = [
    "TAP version 14",
    `1..${results.length}`,
    `# ${testee.name} ${testee.version}, seed ${seed}${good ? "" : ", unexpected results"}`,
  ];
  return `${[...head, ...results.map(tapLine)].join("\n")}\n`;
}
