// One thing that `spec lint` has to say: where, what, and what to do next.

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly next: string;
}

export function formatFinding({ file, line, what, next }: Finding): string {
  return `${file}:${line}: ${what}; ${next}`;
}

export function compareFindings(a: Finding, b: Finding): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}
