// A world in which time passes in equal ticks, and in each tick every end of every connection writes and reads at most one
// chunk: what one connection does or fails to do takes no time from another. So two runs can be compared tick by tick.

import type { TestLink, TestNode } from "./test-node.js";
import type { World } from "./world.js";

export class Metronome {
  readonly world: World;
  readonly #tickMs: number;
  /** Ticks so far. */
  ticks = 0;

  /** @param world whose chunks are whole and whose nodes are prompt. */
  constructor(world: World, tickMs: number) {
    this.world = world;
    this.#tickMs = tickMs;
  }

  run(ticks: number): void {
    for (let left = ticks; left > 0; left--) this.#tick();
  }

  /** Ticks until something is true. */
  until(isTrue: () => boolean): void {
    for (let left = 10_000; !isTrue(); left--) {
      if (left === 0) throw new Error("it never becomes true");
      this.#tick();
    }
  }

  #tick(): void {
    const { world } = this;
    this.ticks++;
    world.now += this.#tickMs;
    for (const node of world.nodes) if ((node.engine.deadline ?? Infinity) <= world.now) world.wake(node);
    for (const node of world.nodes) this.#turn(node);
  }

  /** Everything that a node can do in a tick. */
  #turn(node: TestNode): void {
    const links: readonly TestLink[] = [...node.links.values()];
    this.#signatures(node);
    for (const { name } of links) this.#take(node, `read ${name}`);
    for (const { name } of links) this.#take(node, `end ${name}`);
    for (const { name } of links) this.#take(node, `closed ${name}`);
    for (const { name } of links) this.#take(node, `fill ${name}`);
    this.#signatures(node);
  }

  #signatures(node: TestNode): void {
    const isSignature = ({ key }: { readonly key: string }): boolean => / (?:sign|verify) /.test(key);
    for (let one = node.actions().find(isSignature); one !== undefined; one = node.actions().find(isSignature))
      one.run();
  }

  #take(node: TestNode, what: string): void {
    node
      .actions()
      .find(({ key }) => key === `${node.name} ${what}`)
      ?.run();
    this.#signatures(node);
  }
}
