// The grammar of tags: `// r[rule.id]`, alone on its line, says that what follows enforces that rule and how to break it.
// Tags are read from compiled JavaScript, whose comments the compiler keeps.
//
//   // r[rule.id]                          the default for the shape of what follows (operators.ts)
//   // r[rule.id] mutate: always|negate|remove|early
//   // r[rule.id] mutate: `from` => `to`   in the source of what follows, where `from` stands exactly once
//   // r[rule.id] also                     enforced here too, but another tag is the mutated one

export type Mode =
  | { readonly kind: "default" | "always" | "negate" | "remove" | "early" | "also" }
  | { readonly kind: "replace"; readonly from: string; readonly to: string };

export interface Tag {
  readonly rule: string;
  readonly mode: Mode;
}

/** A comment that looks like a tag and is none. */
export interface BadTag {
  readonly bad: string;
}

const opening = /^\s*r\[([^\]]*)\](?:\s+(.*))?$/s;
const replacement = /^`([^`]+)`\s*=>\s*`([^`]*)`$/;
const simple = ["always", "negate", "remove", "early"] as const;

function modeOf(rest: string): Mode | undefined {
  if (rest === "") return { kind: "default" };
  if (rest === "also" || rest.startsWith("also ") || rest.startsWith("also:")) return { kind: "also" };
  const operator = /^mutate:\s*(.*)$/s.exec(rest)?.[1]?.trim();
  if (operator === undefined) return undefined;
  const kind = simple.find((each) => each === operator);
  if (kind) return { kind };
  const [, from, to] = replacement.exec(operator) ?? [];
  return from !== undefined && to !== undefined ? { kind: "replace", from, to } : undefined;
}

/** Reads the text of one line comment, without its slashes. Undefined: an ordinary comment. */
export function parseTag(comment: string): Tag | BadTag | undefined {
  const match = opening.exec(comment);
  if (!match) return undefined;
  const rest = (match[2] ?? "").trim();
  const mode = modeOf(rest);
  if (mode) return { rule: match[1] ?? "", mode };
  return { bad: `r[${match[1] ?? ""}] is followed by "${rest}", which is no operator` };
}
