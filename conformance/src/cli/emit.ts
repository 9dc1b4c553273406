// The verb `emit`: the lines of a codec case as the runner would send them, to try them on a testee by hand.
import { loadCases } from "../case/index.js";
import { asciiJson } from "../link/index.js";
import { EXIT, parseWords, UsageError, type Verb } from "./verb.js";

const usage = `usage: motet-conformance emit CASE

Prints the requests of a codec case as lines of link/1, hello first:
  motet-conformance emit codec/preface/version-1 | node my-testee.mjs
A case of the node tier is printed as its scenario.
`;

function emit(args: readonly string[]): number {
  const { positionals } = parseWords("emit", { args: [...args], options: {}, allowPositionals: true });
  const [id] = positionals;
  const testCase = loadCases().find((candidate) => candidate.id === id);
  if (testCase === undefined || positionals.length > 1) {
    throw new UsageError(
      `${id === undefined ? "emit takes one case" : `there is no case ${id}`}. Next step: motet-conformance list`,
    );
  }
  if (testCase.tier === "node") process.stdout.write(`${JSON.stringify(testCase.scenario, undefined, 2)}\n`);
  else {
    const requests = [
      { id: 1, op: "hello", in: { link: 1 } },
      { id: 2, op: testCase.op, in: testCase.in },
      { id: 3, op: "shutdown", in: {} },
    ];
    process.stdout.write(requests.map((request) => `${asciiJson(request)}\n`).join(""));
  }
  return EXIT.asDeclared;
}

export const emitVerb: Verb = { name: "emit", summary: "print the requests of a case", usage, run: emit };
