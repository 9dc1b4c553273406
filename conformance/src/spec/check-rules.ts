// Checks on the form of rules: ids, words, actors, one code, and that the words stand nowhere else.
import type { Finding } from "./finding.js";
import { type Rule, actors, levelWords, ruleOf } from "./rule.js";
import type { Chapter, Specification } from "./specification.js";

const idForm = /^[a-z0-9]+(\.[a-z0-9-]+)+$/;

/** Under a heading, this line exempts its section from the check of words: the section defines them. */
export const wordsMarker = "<!-- spec-lint: defines the words -->";

function at(rule: Rule, what: string, next: string): Finding {
  return { file: rule.file, line: rule.line, what: `r[${rule.id}] ${what}`, next };
}

function checkForm(rule: Rule): Finding[] {
  const findings: Finding[] = [];
  if (!idForm.test(rule.id)) findings.push(at(rule, `does not match ${idForm.source}`, "rename it"));
  if (rule.words.length === 0) findings.push(at(rule, "has none of MUST, SHOULD, MAY", "add one, or drop its id"));
  if (rule.words.length > 1) {
    findings.push(at(rule, `has ${rule.words.length} of MUST, SHOULD, MAY`, "split it: one obligation in one rule"));
  }
  if (!rule.actor) findings.push(at(rule, "does not begin with an actor", `begin with "A …": ${actors.join(", ")}`));
  return findings;
}

/** "refuse as A …, as B" is two obligations: a test of one says nothing of the other. */
function checkOneCode(rule: Rule, codes: ReadonlySet<string>): Finding[] {
  const named = Array.from(rule.text.matchAll(/\bas ([A-Z][A-Z_]+)\b/g), (match) => match[1] ?? "");
  const distinct = [...new Set(named.filter((name) => codes.has(name)))];
  if (distinct.length < 2) return [];
  return [at(rule, `refuses with ${distinct.join(" and ")}`, "split it: one code in one rule")];
}

function checkReuse(rules: readonly Rule[]): Finding[] {
  const first = new Map<string, Rule>();
  const findings: Finding[] = [];
  for (const rule of rules) {
    const earlier = first.get(rule.id);
    if (earlier) findings.push(at(rule, `is used already at ${earlier.file}:${earlier.line}`, "give it a new id"));
    else first.set(rule.id, rule);
  }
  return findings;
}

function strayWords(chapter: Chapter): Finding[] {
  const exempt = new Set<string>();
  const findings: Finding[] = [];
  for (const block of chapter.blocks) {
    if (block.kind === "comment" && block.lines[0] === wordsMarker) exempt.add(block.section);
    if (exempt.has(block.section) || ruleOf(block, chapter.file)) continue;
    block.lines.forEach((text, index) => {
      for (const word of levelWords(text)) {
        const next = "give the paragraph a rule id of its own, or write the word in lower case";
        findings.push({ file: chapter.file, line: block.line + index, what: `${word} outside a rule`, next });
      }
    });
  }
  return findings;
}

export function checkRules(spec: Specification, errorCodes: ReadonlySet<string>): Finding[] {
  return [
    ...spec.rules.flatMap(checkForm),
    ...spec.rules.flatMap((rule) => checkOneCode(rule, errorCodes)),
    ...checkReuse(spec.rules),
    ...spec.chapters.flatMap(strayWords),
  ];
}
