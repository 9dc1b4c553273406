// How code is broken: for each shape of what follows a tag, the edit that makes it not enforce its rule.
// A shape without an obvious way to break it is an error that asks for an explicit operator.
import type { Node } from "acorn";
import { type Syntax, bare, child, text } from "./syntax.js";
import type { Mode } from "./tag.js";

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** An edit, or why there is none. */
export type EditOrProblem = Edit | string;

const explicit = "say how to break it with an explicit operator (mutate: …)";
const removable = ["ExpressionStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"];

const over = (node: Node, replacement: string): Edit => ({ start: node.start, end: node.end, text: replacement });
const sourceOf = (syntax: Syntax, node: Node): string => syntax.source.slice(node.start, node.end);
const negated = (syntax: Syntax, node: Node): Edit => over(node, `!(${sourceOf(syntax, node)})`);

/** Comparisons, logical expressions and negations: their opposite is a truth value as well. */
function isCondition(node: Node): boolean {
  if (node.type === "LogicalExpression") return text(node, "operator") !== "??";
  if (node.type === "UnaryExpression") return text(node, "operator") === "!";
  return node.type === "BinaryExpression" && /^(?:[<>]=?|[!=]==?|in|instanceof)$/.test(text(node, "operator"));
}

function isMinOrMax(syntax: Syntax, node: Node): boolean {
  const callee = node.type === "CallExpression" ? child(node, "callee") : undefined;
  return callee !== undefined && /^Math\.(?:min|max)$/.test(sourceOf(syntax, callee));
}

function firstArgument(node: Node): Node | undefined {
  return (node as unknown as { arguments?: Node[] }).arguments?.[0];
}

/** The default for a value: opposite, left operand, first argument, first branch. */
function breakValue(syntax: Syntax, value: Node): EditOrProblem {
  const node = bare(value);
  const keep = (part: Node | undefined): EditOrProblem =>
    part ? over(value, `(${sourceOf(syntax, part)})`) : explicit;
  if (isCondition(node)) return negated(syntax, value);
  if (node.type === "BinaryExpression" && /^[+-]$/.test(text(node, "operator"))) return keep(child(node, "left"));
  if (isMinOrMax(syntax, node)) return keep(firstArgument(node));
  if (node.type === "ConditionalExpression") return keep(child(node, "consequent"));
  return `a value of the shape ${node.type} has no default: ${explicit}`;
}

/** The value that a statement computes: of `return`, of a declaration or of a member with one value. */
function valueOf(node: Node): Node | undefined {
  if (node.type === "ReturnStatement") return child(node, "argument");
  if (node.type === "ExportNamedDeclaration") {
    const declared = child(node, "declaration");
    return declared && valueOf(declared);
  }
  if (node.type !== "VariableDeclaration") return undefined;
  const { declarations } = node as unknown as { declarations: Node[] };
  const [only] = declarations;
  return only && declarations.length === 1 ? child(only, "init") : undefined;
}

const isExpression = (node: Node): boolean => /(?:Expression|Literal|Identifier)$/.test(node.type);

/** An operand of `&&` or `||` loses its say; any other expression is a value. */
function breakExpression(syntax: Syntax, node: Node): EditOrProblem {
  const parent = syntax.parents.get(node);
  if (parent?.type === "LogicalExpression") return over(node, text(parent, "operator") === "&&" ? "true" : "false");
  return breakValue(syntax, node);
}

function byDefault(syntax: Syntax, node: Node): EditOrProblem {
  const test = node.type === "IfStatement" ? child(node, "test") : undefined;
  if (test) return over(test, "false");
  if (removable.includes(node.type)) return over(node, ";");
  const value = valueOf(node);
  if (value) return breakValue(syntax, value);
  if (isExpression(node)) return breakExpression(syntax, node);
  return `a ${node.type} has no default: ${explicit}`;
}

/** What `always` and `negate` speak of: a test, or a value. */
function conditionOf(node: Node): Node | undefined {
  if (/^(?:If|While|DoWhile|For)Statement$/.test(node.type)) return child(node, "test");
  return valueOf(node) ?? (isExpression(node) ? node : undefined);
}

/** White space in `from` stands for any white space: the compiler breaks lines differently. */
function replaced(syntax: Syntax, node: Node, from: string, to: string): EditOrProblem {
  const words = from.trim().split(/\s+/);
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"), "g");
  const found = Array.from(sourceOf(syntax, node).matchAll(pattern));
  const [match] = found;
  if (!match || found.length > 1) return `\`${from}\` stands ${found.length} times in what follows, not once`;
  const start = node.start + match.index;
  return { start, end: start + match[0].length, text: to };
}

const isStatement = (node: Node): boolean => /(?:Statement|Declaration)$/.test(node.type);

/** A statement leaves its semicolon, an entry of a list or an object takes its comma along. */
function removed(syntax: Syntax, node: Node): Edit {
  if (isStatement(node)) return over(node, ";");
  const comma = /^\s*,/.exec(syntax.source.slice(node.end));
  return { start: node.start, end: node.end + (comma?.[0].length ?? 0), text: "" };
}

/** Braces where the statement is the whole branch of an `if`: else it would run whenever the branch does not. */
function early(syntax: Syntax, node: Node): EditOrProblem {
  if (!isStatement(node)) return `early needs a statement, not a ${node.type}`;
  const parent = syntax.parents.get(node)?.type ?? "";
  const inList = /^(?:Program|BlockStatement|SwitchCase|StaticBlock)$/.test(parent);
  if (inList) return { start: node.start, end: node.start, text: "return; " };
  return over(node, `{ return; ${sourceOf(syntax, node)} }`);
}

/** The edit that a tag asks for on what follows it; `also` asks for none and has no place here. */
export function editFor(syntax: Syntax, node: Node, mode: Mode): EditOrProblem {
  switch (mode.kind) {
    case "replace":
      return replaced(syntax, node, mode.from, mode.to);
    case "remove":
      return removed(syntax, node);
    case "early":
      return early(syntax, node);
    case "always":
    case "negate": {
      const condition = conditionOf(node);
      if (!condition) return `${mode.kind} needs a condition or a value, not a ${node.type}`;
      return mode.kind === "always" ? over(condition, "true") : negated(syntax, condition);
    }
    default:
      return byDefault(syntax, node);
  }
}

export function applyEdit(source: string, edit: Edit): string {
  return source.slice(0, edit.start) + edit.text + source.slice(edit.end);
}
