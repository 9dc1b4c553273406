// A member's disk: writes become durable in their order after a while, and what was not when the process ends is gone. What is durable
// outlives the process, and a later life of the node begins with it.
import { hexOf } from "./records.mjs";

/** From handing over a write until it is durable, ms. */
const syncMs = [1, 12];
const readMs = [1, 4];

export class Disk {
  /** What is durable, by key id. */
  #durable = new Map();
  #world;
  #isLying;
  /** Which opening of the disk is the last one. */
  #opening = 0;

  /** @param isLying planted: it says durable at once, and is five seconds later. */
  constructor(world, isLying = false) {
    this.#world = world;
    this.#isLying = isLying;
  }

  /** Opens it for one life. */
  open() {
    const opening = ++this.#opening;
    const seen = new Map(this.#durable);
    const world = this.#world;
    const isOpen = () => opening === this.#opening;
    const later = (ms, what) => world.after(ms, () => isOpen() && what());
    let lastAt = 0;
    return {
      infos: () => [...seen.values()].map(({ info }) => info),
      /** What this life has written, durable or not. */
      held: () => seen,
      write: (write, done) => {
        carryOut(seen, write);
        const drawn = world.random.between(...syncMs);
        const ms = Math.max(this.#isLying ? 5000 : drawn, lastAt - world.now);
        lastAt = world.now + ms;
        later(ms, () => {
          carryOut(this.#durable, write);
          if (!this.#isLying) done();
        });
        if (this.#isLying) later(0, done);
      },
      read: (keyIds, done) => {
        const records = keyIds.map((keyId) => seen.get(hexOf(keyId))?.record);
        later(world.random.between(...readMs), () => done(records));
      },
    };
  }

  /** The process has ended: what was not durable is lost. */
  close() {
    this.#opening++;
  }
}

function carryOut(entries, write) {
  if (write.type === "delete") return entries.delete(hexOf(write.keyId));
  const key = hexOf(write.info.keyId);
  const record = write.type === "put" ? write.record : entries.get(key)?.record;
  return entries.set(key, { info: write.info, record });
}
