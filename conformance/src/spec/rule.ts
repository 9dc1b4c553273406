// What a rule of the specification is, and how one is read from its paragraph.
// Refuses nothing: what is wrong with a rule is for `spec lint` to say.
import { createHash } from "node:crypto";
import type { Block } from "./blocks.js";

export const actors = ["receiver", "sender", "node", "initiator", "responder", "origin", "relay"] as const;
export type Actor = (typeof actors)[number];

export type Level = "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT" | "MAY";

export interface Rule {
  readonly id: string;
  /** Undefined when the subject of the paragraph is none of the actors. */
  readonly actor: Actor | undefined;
  /** Of the first of the words; undefined when there is none. */
  readonly level: Level | undefined;
  /** All of MUST, SHOULD, MAY in the paragraph; a good rule has one. */
  readonly words: readonly Level[];
  /** The paragraph without its id, white space normalised. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly section: string;
}

const words = /\b(?:MUST(?: NOT)?|SHOULD(?: NOT)?|MAY)\b/g;
const opening = /^(?:\d+\. )?r\[([^\]]*)\]\s*/;
const subject = new RegExp(`^(?:A|An|Each|Every|The) (${actors.join("|")})\\b`);

export function levelWords(text: string): Level[] {
  return Array.from(text.replace(/\s+/g, " ").matchAll(words), (match) => match[0] as Level);
}

/** The rule that a paragraph states, or undefined when it states none. */
export function ruleOf(block: Block, file: string): Rule | undefined {
  if (block.kind !== "paragraph") return undefined;
  const paragraph = block.lines.join(" ").replace(/\s+/g, " ").trim();
  const start = opening.exec(paragraph);
  if (!start) return undefined;
  const text = paragraph.slice(start[0].length);
  const found = levelWords(text);
  const actor = subject.exec(text)?.[1] as Actor | undefined;
  const { line, section } = block;
  return { id: start[1] ?? "", actor, level: found[0], words: found, text, file, line, section };
}

/** What the lock holds of a rule: the first 16 hexadecimal digits of the SHA-256 of its text. */
export function hashOf(rule: Rule): string {
  return createHash("sha256").update(rule.text, "utf8").digest("hex").slice(0, 16);
}

/** MUST and MUST NOT are one level to whoever counts. */
export function isMust(rule: Rule): boolean {
  return rule.level === "MUST" || rule.level === "MUST NOT";
}
