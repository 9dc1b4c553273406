// Members by the group that each is in, in the order in which they came: who is first or last in a group, and how many they
// are. What a group is, a prefix or a source, is its callers' business.

export class Groups<K> {
  readonly #members = new Map<string, Set<K>>();
  readonly #groupOf = new Map<K, string>();

  /** Puts a member at the end of a group; it is in none before. */
  add(group: string, member: K): void {
    const members = this.#members.get(group) ?? new Set();
    this.#members.set(group, members.add(member));
    this.#groupOf.set(member, group);
  }

  /** Takes a member out of its group, if it is in one. */
  remove(member: K): void {
    const group = this.#groupOf.get(member);
    if (group === undefined) return;
    this.#groupOf.delete(member);
    const members = this.#members.get(group);
    members?.delete(member);
    if (members?.size === 0) this.#members.delete(group);
  }

  sizeOf(group: string): number {
    return this.#members.get(group)?.size ?? 0;
  }

  /** The member that has been in a group longest. */
  oldestOf(group: string): K | undefined {
    const [oldest] = this.#members.get(group) ?? [];
    return oldest;
  }

  /** The member that came last into the largest group, when that has more members than `count`. */
  newestOfLargest(count: number): K | undefined {
    let largest: ReadonlySet<K> = new Set();
    for (const members of this.#members.values()) if (members.size > largest.size) largest = members;
    return largest.size > count ? [...largest].at(-1) : undefined;
  }
}
