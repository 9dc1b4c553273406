// Churn and traffic have stopped: within bounded time the ring is ideal, all replicas of a key are equal and where they belong, enough
// nodes hold them, and everybody reads what was acknowledged last.
import { compareVersions, owned } from "../../dist/chord/index.js";
import { limits, roundMs } from "./limits.mjs";
import { hexOf, isTombstone } from "./records.mjs";

/** Most rounds until the ring is ideal: audits come every twelve. */
const roundsMost = 60;
/** When all is quiet, that there is nothing is said within so many ms. */
const missingMostMs = 3000;
/** What a last read may take: a lookup, and its tries. */
const readMs = 20_000;

/** Living members in order of their places. */
function ringOf(world) {
  return world.members.sort((a, b) => a.contact.position.compare(b.contact.position));
}

/** Whether every list is as long as it can be, and right. */
export function isIdeal(world) {
  const ring = ringOf(world);
  const count = ring.length;
  const length = Math.min(world.shape.successors, count - 1);
  return ring.every((member, i) => {
    if (!member.isPlaced) return false;
    const { successors, wraps, predecessor } = member.ring.snapshot();
    if (successors.length !== length || wraps !== count - 1 <= world.shape.successors) return false;
    if (!successors.every(({ record }, j) => record === ring[(i + j + 1) % count])) return false;
    return count === 1 || predecessor?.record === ring[(i + count - 1) % count];
  });
}

/** Lets time pass until the ring is ideal. Answers the rounds. */
export function calm(world) {
  for (let rounds = 0; rounds <= roundsMost; rounds += 0.2) {
    if (isIdeal(world) || world.violation !== undefined) return rounds;
    world.pass(roundMs / 5);
  }
  world.violate("the ring does not become ideal");
  return roundsMost;
}

/** How long copies may take to become equal when the ring is ideal. */
export const equalMs = 2 * (limits.SYNC_MS + limits.CROSS_CHECK_MS) + 4 * roundMs;

/** Who is to hold a key: of each position its owner and the copies − 1 after it. */
function groupsOf(world, keyId) {
  const ring = ringOf(world);
  const { tables, copies } = world.shape;
  return Array.from({ length: tables }, (_, number) => {
    const position = world.positions.of(keyId, number);
    const owner = ring.findIndex((member, i) => {
      const before = ring[(i + ring.length - 1) % ring.length];
      return owned(before.contact.position, position, member.contact.position);
    });
    const length = Math.min(copies, ring.length);
    return Array.from({ length }, (_, copy) => ring[(owner + copy) % ring.length]);
  });
}

const heldBy = (member, key) => member.store.held().get(key.hex)?.record;

/** Whether all who are to hold a key hold one and the same version of it. */
export function hasEqualReplicas(world, key) {
  const [first, ...others] = groupsOf(world, key.keyId).flat();
  const digestOf = (member) => heldBy(member, key)?.digest;
  const digest = digestOf(first);
  return others.every((member) => {
    const other = digestOf(member);
    return digest === other || (digest !== undefined && other !== undefined && hexOf(digest) === hexOf(other));
  });
}

/** Members that hold a key in this version or a newer one. */
export function holdersOf(world, key, version) {
  return world.members.filter((member) => {
    const record = heldBy(member, key);
    return record !== undefined && compareVersions(record, version) >= 0;
  });
}

/** Whether the copies of one key are as they should be. */
function checkCopies(world, ledger, entry) {
  const { key } = entry;
  const held = world.members.map((member) => heldBy(member, key)).filter((record) => record !== undefined);
  const newest = held.reduce((best, record) => (best && compareVersions(best, record) >= 0 ? best : record), undefined);
  const wanted = ledger.wanted(entry);
  if (wanted !== undefined && (newest === undefined || compareVersions(newest, wanted) < 0)) {
    return world.violate("an acknowledged record is lost", key.name);
  }
  if (newest === undefined) return undefined;
  const groups = groupsOf(world, key.keyId).flat();
  const isNewest = (member) => {
    const record = heldBy(member, key);
    return record !== undefined && hexOf(record.digest) === hexOf(newest.digest);
  };
  const behind = groups.find((member) => heldBy(member, key) !== undefined && !isNewest(member));
  if (behind !== undefined) return world.violate("replicas differ", `${key.name} at ${behind.name}`);
  const without = groups.find((member) => heldBy(member, key) === undefined);
  if (wanted !== undefined && without !== undefined) {
    return world.violate("a replica is missing", `${key.name} at ${without.name}`);
  }
  // Whoever belonged to a group before may still hold what it held then.
  const count = world.members.filter(isNewest).length;
  return checkWidth(world, ledger, entry, count);
}

/** Whether any four may die. */
function checkWidth(world, ledger, entry, count) {
  const least = Math.min(limits.PUT_NODES, world.members.length);
  if (ledger.wanted(entry) === undefined || count >= least) return;
  ledger.counts.narrow = (ledger.counts.narrow ?? 0) + 1;
  if (!world.planted.mayBeNarrow) world.violate("held by fewer than five nodes", entry.key.name);
}

export function checkAllCopies(world, ledger) {
  for (const entry of ledger.entries) {
    if (world.violation !== undefined) return;
    checkCopies(world, ledger, entry);
  }
}

/** Everybody reads everything once more, and finds nothing where nothing is. */
export function readAll(world, ledger, traffic) {
  const nodes = [...world.placed, ...traffic.clients];
  const failures = ledger.counts.unread + ledger.counts.stale;
  for (const node of nodes) {
    for (const { key } of ledger.entries) traffic.read(key, node);
    traffic.readMissing(node, missingMostMs);
  }
  world.pass(readMs);
  if (ledger.counts.unread + ledger.counts.stale > failures) world.violate("a read fails though all is quiet");
}

/** No key has more than its tombstone, and in the end nothing of it. */
export function checkForgotten(world) {
  for (const member of world.members) {
    for (const { record } of member.store.held().values()) {
      const end = isTombstone(record)
        ? Number(record.issued) + world.shape.maxTtl * 1000 + limits.TOMBSTONE_EXTRA_MS
        : Number(record.expires);
      if (end + equalMs < world.now) world.violate("what has expired is still held");
    }
  }
}
