// The verb `spec lint`: prints findings, or accepts texts of rules.
import { parseArgs } from "node:util";
import { acceptRules, UnknownRuleError } from "./accept.js";
import { formatFinding } from "./finding.js";
import { lintSpecification } from "./lint.js";

export interface VerbResult {
  /** For stdout. */
  readonly out: string;
  /** For stderr. */
  readonly note: string;
  readonly exit: number;
}

const usage = "usage: motet-conformance spec lint [--accept ID…] [--accept-all]";

function lint(root: string): VerbResult {
  const { spec, findings } = lintSpecification(root);
  const out = findings.map((finding) => `${formatFinding(finding)}\n`).join("");
  const note = `${spec.rules.length} rules, ${findings.length} findings\n`;
  return { out, note, exit: findings.length > 0 ? 1 : 0 };
}

function accept(root: string, ids: readonly string[] | "all"): VerbResult {
  try {
    const changed = acceptRules(root, ids);
    return { out: changed.map((id) => `${id}\n`).join(""), note: `${changed.length} rules accepted\n`, exit: 0 };
  } catch (error) {
    if (!(error instanceof UnknownRuleError)) throw error;
    return { out: "", note: `${error.message}\n`, exit: 2 };
  }
}

/** `args`: what follows the word `spec`. */
export function specVerb(root: string, args: readonly string[]): VerbResult {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { accept: { type: "boolean" }, "accept-all": { type: "boolean" } },
  });
  const [verb, ...ids] = positionals;
  if (verb !== "lint" || ids.length > 0 !== (values.accept === true)) return { out: "", note: `${usage}\n`, exit: 2 };
  if (values["accept-all"]) return accept(root, "all");
  return values.accept ? accept(root, ids) : lint(root);
}
