// Anchors in a file, so that they outlive the process: r[peers.anchors]. One pinned address a line, for people to read. The
// file is written anew whenever they change; one that cannot be written later on costs nothing but the anchors.

import { readFile, rename, writeFile } from "node:fs/promises";
import { misuse, ProtocolError } from "../errors/index.js";
import type { Anchor } from "../engine/index.js";
import { formatAddress, parseAddress } from "../identity/index.js";

const firstLine = "motet-anchors-1";
const fileMode = 0o600;

export class AnchorFile {
  readonly #file: string | undefined;
  #anchors: readonly Anchor[];
  /** Writes end in their order. */
  #written: Promise<void> = Promise.resolve();

  private constructor(file: string | undefined, anchors: readonly Anchor[]) {
    this.#file = file;
    this.#anchors = anchors;
  }

  /**
   * What a file holds; nothing when there is none, or none is named. It is written once to see that it can be.
   * @throws {ProtocolError} MISUSE when it holds something else, or cannot be read or written
   */
  static async open(file: string | undefined): Promise<AnchorFile> {
    if (file === undefined) return new AnchorFile(file, []);
    const anchors = await read(file);
    await write(file, anchors).catch((error: Error) => {
      throw misuse(`${file} cannot be written: ${error.message}; name a file in a folder of yours`);
    });
    return new AnchorFile(file, anchors);
  }

  get anchors(): readonly Anchor[] {
    return this.#anchors;
  }

  /** Writes the anchors if they are others than before. */
  keep(anchors: readonly Anchor[]): void {
    const file = this.#file;
    if (file === undefined || anchors === this.#anchors) return;
    this.#anchors = anchors;
    this.#written = this.#written.then(() => write(file, anchors)).catch(() => undefined);
  }

  /** Resolves when everything is written. */
  settled(): Promise<void> {
    return this.#written;
  }
}

async function read(file: string): Promise<Anchor[]> {
  try {
    return parse(file, await readFile(file, "latin1"));
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw misuse(`${file} cannot be read: ${(error as Error).message}; name another file`);
  }
}

function parse(file: string, text: string): Anchor[] {
  const [first, ...lines] = text.trimEnd().split("\n");
  try {
    if (first !== firstLine) throw misuse("another first line");
    return lines.map(parseLine);
  } catch {
    throw misuse(`${file} is no file of anchors; name another file or remove this one`);
  }
}

function parseLine(line: string): Anchor {
  const { pin: nodeId, ...place } = parseAddress(line);
  if (nodeId === undefined) throw misuse("an anchor names its node");
  return { address: formatAddress(place), nodeId };
}

/** The file is the old one or the new one, whenever the process ends. */
async function write(file: string, anchors: readonly Anchor[]): Promise<void> {
  const lines = anchors.map(({ address, nodeId }) => formatAddress({ ...parseAddress(address), pin: nodeId }));
  const beside = `${file}.new`;
  await writeFile(beside, [firstLine, ...lines, ""].join("\n"), { mode: fileMode });
  await rename(beside, file);
}
