// Records on a disk. What was acknowledged is there after a sudden end of the process or of the machine: each batch is forced to
// the disk before anybody hears of it, and all that comes meanwhile goes into the next one. One folder a node.

import { mkdir, rename } from "node:fs/promises";
import { concatBytes, encodeUtf8, equalBytes, formatHex } from "../../bytes/index.js";
import type { RecordInfo, StoreFailure, StoreWrite } from "../../chord/index.js";
import { misuse, type ProtocolError } from "../../errors/index.js";
import { decodeInfo, encodeInfo, seal, unseal } from "./info-codec.js";
import { defectOf, levelIn, textOf, type Level, type LevelChange } from "./level.js";
import type { NodeStore } from "./node-store.js";

/** First bytes of keys: of what is told about the store, of descriptions, of records. */
const Prefix = { STORE: 0x61, INFO: 0x69, RECORD: 0x72 } as const;
const labelKey = Uint8Array.of(Prefix.STORE);

export interface DiskStoreOptions {
  readonly folder: string;
  /** Whose store it is: network id and node id. It is no other's. */
  readonly label: Uint8Array;
  /** What to do with a store that is damaged: refuse it, or put it aside and begin an empty one. @defaultValue "refuse" */
  readonly ifDamaged?: "refuse" | "empty";
  /** Opens databases; for tests of disks that fail. */
  readonly level?: (folder: string) => Level;
}

interface Waiting {
  readonly write: StoreWrite;
  readonly done: (failure: StoreFailure | undefined) => void;
}

export class DiskStore implements NodeStore {
  readonly #folder: string;
  readonly #makeLevel: (folder: string) => Level;
  #level: Level;
  #infos: readonly RecordInfo[];
  /** Handed over, and not begun to be written. */
  #waiting: Waiting[] = [];
  /** Records, or their deletion, that are not on the disk yet; by key id in hex. */
  readonly #unwritten = new Map<string, { readonly write: StoreWrite; readonly bytes: Uint8Array | undefined }>();
  #writing: Promise<void> | undefined;
  /** A write has failed: the database has to be opened anew. */
  #isBroken = false;

  private constructor(options: DiskStoreOptions, level: Level, infos: readonly RecordInfo[]) {
    this.#folder = options.folder;
    this.#makeLevel = options.level ?? levelIn;
    this.#level = level;
    this.#infos = infos;
  }

  /**
   * Opens the store in a folder, or makes one.
   * @throws {ProtocolError} MISUSE when it is damaged, in use, another node's, or the folder cannot be used; detail.reason says which
   */
  static async open(options: DiskStoreOptions): Promise<DiskStore> {
    try {
      return await DiskStore.#try(options);
    } catch (error) {
      if (options.ifDamaged !== "empty" || !isDamage(error)) throw error;
      await putAside(options.folder);
    }
    return DiskStore.#try(options);
  }

  static async #try(options: DiskStoreOptions): Promise<DiskStore> {
    const { folder, label, level: make = levelIn } = options;
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw unusable(folder, "failed", textOf(error));
    });
    const level = make(folder);
    try {
      await level.open();
      await checkLabel(level, folder, label);
      return new DiskStore(options, level, await readInfos(level, folder));
    } catch (error) {
      await level.close().catch(() => undefined);
      if (isRefusal(error)) throw error;
      throw unusable(folder, defectOf(error), textOf(error));
    }
  }

  load(done: (infos: readonly RecordInfo[]) => void): void {
    const infos = this.#infos;
    this.#infos = [];
    done(infos);
  }

  write(write: StoreWrite, done: (failure: StoreFailure | undefined) => void): void {
    this.#waiting.push({ write, done });
    if (write.type !== "places") {
      const keyId = write.type === "put" ? write.info.keyId : write.keyId;
      const bytes = write.type === "put" ? write.record.bytes : undefined;
      this.#unwritten.set(formatHex(keyId), { write, bytes });
    }
    // What comes in this turn of the loop goes into one batch.
    this.#writing ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#writeAll());
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const failure = await this.#writeBatch(batch.map(({ write }) => write));
      for (const { write } of batch) this.#settle(write);
      for (const { done } of batch) done(failure);
    }
    this.#writing = undefined;
  }

  async #writeBatch(writes: readonly StoreWrite[]): Promise<StoreFailure | undefined> {
    try {
      if (this.#isBroken) await this.#reopen();
      await this.#level.write(writes.flatMap(changesOf));
      return undefined;
    } catch (error) {
      this.#isBroken = true;
      return defectOf(error) === "full" ? "STORE_FULL" : "REQUEST";
    }
  }

  /** After a write that failed nobody knows what a database holds but itself, once it has read its log again. */
  async #reopen(): Promise<void> {
    await this.#level.close().catch(() => undefined);
    this.#level = this.#makeLevel(this.#folder);
    await this.#level.open();
    this.#isBroken = false;
  }

  #settle(write: StoreWrite): void {
    if (write.type === "places") return;
    const key = formatHex(write.type === "put" ? write.info.keyId : write.keyId);
    if (this.#unwritten.get(key)?.write === write) this.#unwritten.delete(key);
  }

  read(keyIds: readonly Uint8Array[], done: (records: readonly (Uint8Array | undefined)[]) => void): void {
    const unwritten = keyIds.map((keyId) => this.#unwritten.get(formatHex(keyId)));
    const wanted = keyIds.filter((_, i) => unwritten[i] === undefined);
    void this.#fetch(wanted, (read) => {
      const rest = read.values();
      done(unwritten.map((one) => (one === undefined ? rest.next().value : one.bytes)));
    });
  }

  async #fetch(
    keyIds: readonly Uint8Array[],
    done: (records: readonly (Uint8Array | undefined)[]) => void,
  ): Promise<void> {
    done(await this.#read(keyIds));
  }

  async #read(keyIds: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    if (keyIds.length === 0) return [];
    try {
      const sealed = await this.#level.get(keyIds.map((keyId) => keyOf(Prefix.RECORD, keyId)));
      return sealed.map((bytes) => (bytes === undefined ? undefined : unseal(bytes)?.slice()));
    } catch {
      // Damaged, or not to be read: the neighbours have it.
      return keyIds.map(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#level.close().catch(() => undefined);
  }
}

function keyOf(prefix: number, keyId: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(prefix), keyId);
}

function changesOf(write: StoreWrite): readonly LevelChange[] {
  const keyId = write.type === "delete" ? write.keyId : write.info.keyId;
  const [info, record] = [{ key: keyOf(Prefix.INFO, keyId) }, { key: keyOf(Prefix.RECORD, keyId) }];
  if (write.type === "delete") return [info, record];
  const described = { ...info, value: encodeInfo(write.info) };
  return write.type === "places" ? [described] : [described, { ...record, value: seal(write.record.bytes) }];
}

async function checkLabel(level: Level, folder: string, label: Uint8Array): Promise<void> {
  const expected = seal(concatBytes(encodeUtf8("motet-store-1"), label));
  const [found] = await level.get([labelKey]);
  if (found === undefined) return level.write([{ key: labelKey, value: expected }]);
  if (unseal(found) === undefined) throw unusable(folder, "damaged", "its label cannot be read");
  if (!equalBytes(found, expected))
    throw misuse(`the store in ${folder} is of another node or network; give each node a folder of its own`, {
      reason: "another",
    });
}

async function readInfos(level: Level, folder: string): Promise<readonly RecordInfo[]> {
  const infos: RecordInfo[] = [];
  for await (const [key, value] of level.entries(Prefix.INFO)) {
    const info = decodeInfo(key.subarray(1), value);
    if (info === undefined) throw unusable(folder, "damaged", `entry ${formatHex(key)} cannot be read`);
    infos.push(info);
  }
  return infos;
}

const nextSteps = {
  full: "make room on the disk",
  locked: "end the node that uses it, or name another folder",
  damaged:
    'begin an empty one, and the node asks its neighbours for what they hold (--store-anew, or ifDamaged: "empty")',
  failed: "name a folder that the node may write to",
} as const;

function unusable(folder: string, reason: keyof typeof nextSteps, why: string): ProtocolError {
  const what = { full: "has no room", locked: "is in use", damaged: "is damaged", failed: "cannot be used" }[reason];
  return misuse(`the store in ${folder} ${what} (${why}); ${nextSteps[reason]}`, { reason, folder });
}

function isRefusal(error: unknown): error is ProtocolError {
  return error instanceof Error && error.name === "ProtocolError";
}

function isDamage(error: unknown): boolean {
  return isRefusal(error) && error.detail["reason"] === "damaged";
}

/** Keeps a damaged store for whoever wants to look at it. */
async function putAside(folder: string): Promise<void> {
  await rename(folder, `${folder}.damaged-${Date.now()}`);
}
