// Checks that every name in capitals is one of the registry, and that what a rule refuses with is an error code.
import type { Finding } from "./finding.js";
import type { RegistryNames } from "./registry-names.js";
import type { Chapter } from "./specification.js";

const capitals = /(?<![A-Za-z0-9_])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?![A-Za-z0-9_])/g;
/** A number such as 00FF or FFFF, or a variable with an index such as S2. */
const noName = /^(?:[0-9A-F]{4}|[0-9A-F]*\d[0-9A-F]*|[A-Z]\d*)$/;
const refusal = /\b(?:[Rr]efuse[sd]?|REJECT|end) (?:as|with) ([A-Z][A-Z0-9_]+)\b/g;

function namesIn(text: string): string[] {
  return Array.from(text.matchAll(capitals), (match) => match[0]).filter((name) => !noName.test(name));
}

export function checkNames(chapters: readonly Chapter[], names: RegistryNames): Finding[] {
  const findings: Finding[] = [];
  for (const { file, text } of chapters) {
    text.split("\n").forEach((line, index) => {
      for (const name of new Set(namesIn(line).filter((each) => !names.all.has(each)))) {
        const next = "use a name of chapter 9, or add it to proto/motet/v1/registry.proto";
        findings.push({ file, line: index + 1, what: `${name} is no name of the registry`, next });
      }
      for (const [, code = ""] of line.matchAll(refusal)) {
        if (!names.all.has(code) || names.errorCodes.has(code)) continue;
        findings.push({ file, line: index + 1, what: `${code} is no error code`, next: "refuse with one of 9.2" });
      }
    });
  }
  return findings;
}
