// The verb `spec`: checks the text of the specification.
import { specVerb as runSpec, type VerbResult } from "../spec/verb.js";
import { repositoryRoot } from "./rule-texts.js";
import { parseWords, type Verb } from "./verb.js";

const usage = `usage: motet-conformance spec lint [--accept ID…] [--accept-all]

Checks the rules of the specification: ids, words, obligations, citations, texts that changed.
--accept says that the cases of a rule were looked at after its text changed.
`;

/** Writes what a verb of another folder gives. */
export function writeResult({ out, note, exit }: VerbResult): number {
  process.stdout.write(out);
  process.stderr.write(note);
  return exit;
}

function spec(args: readonly string[]): number {
  const options = { accept: { type: "boolean" }, "accept-all": { type: "boolean" } } as const;
  // Read here too, so that wrong words are said in the same way as everywhere.
  parseWords("spec", { args: [...args], options, allowPositionals: true });
  return writeResult(runSpec(repositoryRoot, args));
}

export const specVerb: Verb = { name: "spec", summary: "check the text of the specification", usage, run: spec };
