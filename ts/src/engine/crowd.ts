// How many connections one address or prefix may have: section 3.5, so that one neighbourhood cannot take the places of all.
// Counts what it is told; loopback, private ranges and what is no IP address are exempt.

import type { Limits } from "../ports/index.js";
import { countedPlaceOf } from "./counted-place.js";

const secondMs = 1000;
/** Prefixes whose last second is remembered. More of them at once are no crowd from one place. */
const mostPrefixes = 4096;

export type CrowdLimits = Pick<Limits, "HANDSHAKES_PER_PREFIX" | "HANDSHAKES_PER_SECOND" | "SESSIONS_PER_ADDRESS">;

export class Crowd {
  readonly #limits: CrowdLimits;
  /** When the last connections of a prefix began, oldest first; by prefix, the one that was last added to at the end. */
  readonly #begun = new Map<string, number[]>();
  /** Links with a handshake under way that others began, oldest first, by prefix. */
  readonly #handshakes = new Map<string, Set<number>>();
  readonly #prefixOfLink = new Map<number, string>();
  /** Links with a READY session by IP address. */
  readonly #ready = new Map<string, Set<number>>();
  readonly #ipOfLink = new Map<number, string>();

  constructor(limits: CrowdLimits) {
    this.#limits = limits;
  }

  /** Whether a connection that another side begins is taken; false: it is closed without a byte. Counts it if so. */
  mayBegin(remoteAddress: string, now: number): boolean {
    const prefix = countedPlaceOf(remoteAddress)?.prefix;
    if (prefix === undefined) return true;
    const recent = (this.#begun.get(prefix) ?? []).filter((begun) => begun > now - secondMs);
    // r[session.prefix.rate] also
    if (recent.length >= this.#limits.HANDSHAKES_PER_SECOND) return false;
    this.#begun.delete(prefix);
    const [first] = this.#begun.keys();
    if (first !== undefined && this.#begun.size >= mostPrefixes) this.#begun.delete(first);
    this.#begun.set(prefix, [...recent, now]);
    return true;
  }

  /** Another side has begun a handshake. Answers the link whose handshake must make room, if one must. */
  beginHandshake(link: number, remoteAddress: string): number | undefined {
    const prefix = countedPlaceOf(remoteAddress)?.prefix;
    if (prefix === undefined) return undefined;
    const links = add(this.#handshakes, prefix, link);
    this.#prefixOfLink.set(link, prefix);
    const [oldest] = links;
    // r[session.prefix.handshakes] also
    if (links.size > this.#limits.HANDSHAKES_PER_PREFIX) return oldest;
    return undefined;
  }

  /** A handshake is over: its session is READY or has ended. */
  endHandshake(link: number): void {
    remove(this.#handshakes, this.#prefixOfLink, link);
  }

  /** Whether a session with this address may become READY: false refuses it as FULL. */
  mayBecomeReady(remoteAddress: string): boolean {
    const ip = countedPlaceOf(remoteAddress)?.ip;
    const count = ip === undefined ? 0 : (this.#ready.get(ip)?.size ?? 0);
    // r[session.address.sessions] also
    if (count >= this.#limits.SESSIONS_PER_ADDRESS) return false;
    return true;
  }

  /** A session has its place: it is READY or waits only for its own proof. */
  ready(link: number, remoteAddress: string): void {
    const ip = countedPlaceOf(remoteAddress)?.ip;
    if (ip === undefined) return;
    add(this.#ready, ip, link);
    this.#ipOfLink.set(link, ip);
  }

  /** A session has ended, in whatever state. */
  ended(link: number): void {
    this.endHandshake(link);
    remove(this.#ready, this.#ipOfLink, link);
  }
}

function add(links: Map<string, Set<number>>, key: string, link: number): Set<number> {
  const set = links.get(key) ?? new Set();
  links.set(key, set.add(link));
  return set;
}

function remove(links: Map<string, Set<number>>, keys: Map<number, string>, link: number): void {
  const key = keys.get(link);
  if (key === undefined) return;
  keys.delete(link);
  const set = links.get(key);
  set?.delete(link);
  if (set?.size === 0) links.delete(key);
}
