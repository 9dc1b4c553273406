// What a store on disk needs of LevelDB, and what its errors mean. The only place that knows the package.

import { ClassicLevel } from "classic-level";

/** One change of a batch; without a value the key is removed. */
export interface LevelChange {
  readonly key: Uint8Array;
  readonly value?: Uint8Array;
}

/** Keys and values, in the order of the keys. */
export interface Level {
  open(): Promise<void>;
  /** Carries all changes out or none; resolves once they are on the disk. */
  write(changes: readonly LevelChange[]): Promise<void>;
  get(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Entries whose key begins with a byte. */
  entries(first: number): AsyncIterable<readonly [Uint8Array, Uint8Array]>;
  close(): Promise<void>;
}

/** Why a database cannot be used. */
export type LevelDefect = "full" | "locked" | "damaged" | "failed";

const encodings = { keyEncoding: "view", valueEncoding: "view" } as const;

/** The database in a folder, which is made when there is none. */
export function levelIn(folder: string): Level {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, encodings);
  return {
    open: () => level.open(),
    write: (changes) =>
      level.batch(
        changes.map(({ key, value }) => (value === undefined ? { type: "del", key } : { type: "put", key, value })),
        { sync: true },
      ),
    get: async (keys) => {
      const [only, ...others] = keys;
      // One value is read at once: to have it read by another thread takes the processor twenty times as long.
      const values = only !== undefined && others.length === 0 ? [level.getSync(only)] : await level.getMany([...keys]);
      return values.map((value) => (value === undefined ? undefined : new Uint8Array(value)));
    },
    entries: (first) => entriesOf(level, first),
    close: () => level.close(),
  };
}

async function* entriesOf(
  level: ClassicLevel<Uint8Array, Uint8Array>,
  first: number,
): AsyncIterableIterator<readonly [Uint8Array, Uint8Array]> {
  // Plain arrays: those of the package are Buffers, whose slices are views.
  for await (const [key, value] of level.iterator({ gte: Uint8Array.of(first), lt: Uint8Array.of(first + 1) }))
    yield [new Uint8Array(key), new Uint8Array(value)];
}

/** What is behind an error of a database. */
export function defectOf(error: unknown): LevelDefect {
  const text = textOf(error);
  if (/no space left|ENOSPC|disk quota/i.test(text)) return "full";
  if (/LEVEL_LOCKED|already held by process|lock .*LOCK/i.test(text)) return "locked";
  if (/LEVEL_IO_ERROR.*no such file/i.test(text)) return "damaged";
  if (/corrupt|checksum|CURRENT|MANIFEST|missing files|invalid argument|not an sstable|bad /i.test(text))
    return "damaged";
  return "failed";
}

/** Messages and codes of an error and of what caused it. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  const cause = error.cause === undefined ? "" : `: ${textOf(error.cause)}`;
  return `${code} ${error.message}${cause}`.trim();
}
