// One JavaScript source as a tree, and what of it begins at a place: the thing that a tag before it speaks of.
import { type Comment, type Node, parse as parseJavaScript } from "acorn";

export interface Syntax {
  readonly source: string;
  readonly root: Node;
  readonly comments: readonly Comment[];
  /** The outermost node that begins at an offset. */
  readonly startingAt: ReadonlyMap<number, Node>;
  readonly parents: ReadonlyMap<Node, Node>;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value: unknown) => {
    if (Array.isArray(value)) return value.filter(isNode);
    return isNode(value) ? [value] : [];
  });
}

/** The node in a member of another one: acorn's own types are a union too wide to be of help here. */
export function child(node: Node, key: string): Node | undefined {
  const value = (node as unknown as Record<string, unknown>)[key];
  return isNode(value) ? value : undefined;
}

export function text(node: Node, key: string): string {
  const value = (node as unknown as Record<string, unknown>)[key];
  return typeof value === "string" ? value : "";
}

/** Without the parentheses around it. */
export function bare(node: Node): Node {
  const inner = node.type === "ParenthesizedExpression" ? child(node, "expression") : undefined;
  return inner ? bare(inner) : node;
}

/** @throws {SyntaxError} when the source is no module. */
export function parseSource(source: string): Syntax {
  const comments: Comment[] = [];
  const root = parseJavaScript(source, {
    ecmaVersion: "latest",
    sourceType: "module",
    preserveParens: true,
    locations: true,
    allowHashBang: true,
    onComment: comments,
  });
  const startingAt = new Map<number, Node>();
  const parents = new Map<Node, Node>();
  const visit = (node: Node): void => {
    if (node !== root && !startingAt.has(node.start)) startingAt.set(node.start, node);
    for (const each of childrenOf(node)) {
      parents.set(each, node);
      visit(each);
    }
  };
  visit(root);
  return { source, root, comments, startingAt, parents };
}

const blank = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:else\b(?:\s|\/\/[^\n]*\n)*)?/y;

/** What begins after an offset, behind white space, comments and an `else`. */
export function nodeAfter(syntax: Syntax, offset: number): Node | undefined {
  blank.lastIndex = offset;
  const skipped = blank.exec(syntax.source)?.[0].length ?? 0;
  const node = syntax.startingAt.get(offset + skipped);
  return node && operandOf(node);
}

/** Of `a && b` in the middle of an expression, a tag before `a` speaks of `a` alone. */
function operandOf(node: Node): Node {
  if (node.type !== "LogicalExpression") return node;
  const left = child(node, "left");
  return left ? operandOf(left) : node;
}
