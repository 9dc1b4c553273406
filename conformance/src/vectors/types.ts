// A vector as it stands in a file of vectors/, and a file of them.
import type { CodecCase, Expectation, Level } from "../case/index.js";

export interface Vector {
  readonly id: string;
  readonly rules: readonly string[];
  readonly level: Level;
  readonly since: number;
  readonly features: readonly string[];
  readonly comment: string;
  readonly op: CodecCase["op"];
  readonly in: Readonly<Record<string, unknown>>;
  readonly expect: Expectation;
  readonly control?: string;
  readonly source: string;
}

export interface VectorFile {
  /** Path relative to vectors/, such as `frame/flags.json`. */
  readonly path: string;
  readonly area: string;
  readonly title: string;
  readonly cases: readonly Vector[];
}
