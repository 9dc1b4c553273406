import { describe, expect, test } from "vitest";
import { concatBytes, formatHex } from "../bytes/index.js";
import { encodeFrame } from "../framing/index.js";
import { Command } from "../gen/registry.js";
import type { TestLink, TestNode } from "../../test/harness/test-node.js";
import { World } from "../../test/harness/world.js";

const hourMs = 3_600_000;
const malformed = encodeFrame({ command: Command.BROADCAST, flags: 0, tag: 0 }, Uint8Array.of(7));

/** A node and one that misbehaves in its name only: what it says wrong is put on the wire behind its back. */
class Scene {
  readonly world: World;
  readonly node: TestNode;
  readonly rogue: TestNode;

  constructor(limits: ConstructorParameters<typeof World>[0]["limits"] = {}) {
    this.world = new World({ seed: 1, limits: { PEERS_TARGET: 0, ...limits } });
    [this.node, this.rogue] = [this.world.addNode(), this.world.addNode()];
  }

  /** A session, in which so many broadcasts are malformed; it stays if the node lets it. */
  session(offences: number): number {
    const link = this.world.join(this.rogue, this.node);
    this.world.settle();
    this.offend(link, offences);
    return link;
  }

  offend(link: number, offences: number): void {
    if (offences === 0) return;
    this.rogue.links.get(link)?.out.write(concatBytes(...Array.from({ length: offences }, () => malformed)));
    this.world.settle();
  }

  cut(link: number): void {
    this.rogue.cut(this.rogue.links.get(link) as TestLink);
    this.world.settle();
  }

  /** Codes with which sessions and handshakes have ended at the node since it was asked last. */
  ends(): string[] {
    const ends = this.node.events.filter((event) => event.type === "peer.down" || event.type === "refused");
    this.node.events.length = 0;
    return ends.map((event) => ("code" in event ? event.code : ""));
  }
}

describe("what a peer is blamed for", () => {
  test("is remembered when its session ends: the next one begins where that stopped", () => {
    const scene = new Scene();
    scene.cut(scene.session(19));
    expect(scene.ends()).toEqual(["LOST"]);
    const link = scene.session(0);
    expect(scene.ends()).toEqual([]);
    scene.offend(link, 1);
    expect(scene.ends()).toEqual(["MISBEHAVED"]);
    scene.session(1);
    expect(scene.ends()).toEqual(["MISBEHAVED"]);
  });

  test("halves every ten minutes", () => {
    const scene = new Scene({ KEEPALIVE_MS: hourMs });
    const link = scene.session(19);
    scene.world.advance(600_000);
    scene.offend(link, 10);
    expect(scene.ends()).toEqual([]);
    scene.offend(link, 1);
    expect(scene.ends()).toEqual(["MISBEHAVED"]);
  });

  test("bans it for an hour once it has come to PENALTY_BAN; nobody else is concerned", () => {
    const scene = new Scene({ PENALTY_BAN: 22, PENALTY_HALVE_MS: 24 * hourMs });
    for (let count = 20; count <= 22; count++) {
      scene.session(count === 20 ? 20 : 1);
      expect(scene.ends()).toEqual(["MISBEHAVED"]);
    }
    scene.session(0);
    expect(scene.ends()).toEqual(["BANNED"]);
    expect(scene.rogue.eventsOf("refused").map(({ code, by }) => [code, by])).toEqual([["BANNED", "remote"]]);

    const honest = scene.world.addNode();
    scene.world.join(honest, scene.node);
    scene.world.settle();
    expect(scene.node.engine.peers.map(formatHex)).toEqual([formatHex(honest.id)]);

    scene.world.advance(hourMs - 1);
    scene.ends();
    scene.session(0);
    expect(scene.ends()).toEqual(["BANNED"]);
    scene.world.advance(1);
    scene.session(0);
    expect(scene.ends()).toEqual([]);
  });

  test("counts in a session that has lost to another one, and ends nothing there", () => {
    const scene = new Scene();
    const lost = scene.session(0);
    const wire = (scene.rogue.links.get(lost) as TestLink).out;
    wire.isStalled = true;
    scene.offend(lost, 25);
    const stays = scene.session(0);
    wire.isStalled = false;
    scene.world.settle();
    expect(scene.node.links.has(lost)).toBe(false);
    expect(scene.node.engine.counts.verdicts.REJECT).toBe(25);
    expect(scene.ends()).toEqual([]);
    scene.offend(stays, 1);
    expect(scene.ends()).toEqual(["MISBEHAVED"]);
  });
});
