// The verb `list`: all cases there are, or those of a selection.
import { loadCases } from "../case/index.js";
import { patternOf } from "../run/index.js";
import { EXIT, parseWords, UsageError, type Verb } from "./verb.js";

const usage = `usage: motet-conformance list [--json] [--tier codec|node] [--case GLOB] [--rule ID]

Lists cases: id, level, rules. --json prints [{id,tier,level,rules,features}].
`;

function list(args: readonly string[]): number {
  const options = {
    json: { type: "boolean" },
    tier: { type: "string" },
    case: { type: "string" },
    rule: { type: "string" },
  } as const;
  const { values } = parseWords("list", { args: [...args], options });
  const matcher = values.case === undefined ? undefined : patternOf(values.case);
  const cases = loadCases().filter(
    ({ id, tier, rules }) =>
      (values.tier === undefined || tier === values.tier) &&
      (matcher === undefined || matcher.test(id)) &&
      (values.rule === undefined || rules.includes(values.rule)),
  );
  if (cases.length === 0) throw new UsageError("no case matches. Next step: motet-conformance list");
  const entries = cases.map(({ id, tier, level, rules, features }) => ({ id, tier, level, rules, features }));
  if (values.json === true)
    process.stdout.write(`[\n${entries.map((entry) => `  ${JSON.stringify(entry)}`).join(",\n")}\n]\n`);
  else process.stdout.write(cases.map(({ id, level, rules }) => `${id}  ${level}  ${rules.join(" ")}\n`).join(""));
  return EXIT.asDeclared;
}

export const listVerb: Verb = { name: "list", summary: "list the cases", usage, run: list };
