import { describe, expect, test } from "vitest";
import { Limit } from "../gen/registry.js";
import { Crowd } from "./crowd.js";

const now = 1_767_225_600_000;
const exempt = ["tcp://127.0.0.1:1", "tcp://[::1]:1", "tcp://10.0.0.1:1", "memory://a", "tcp://name.example:1", "?"];

describe("connections that others begin", () => {
  test("are twenty a second of one prefix; what is beyond does not count", () => {
    const crowd = new Crowd(Limit);
    for (let i = 0; i < 20; i++) expect(crowd.mayBegin(`tcp://8.8.8.${i}:1`, now + i)).toBe(true);
    expect(crowd.mayBegin("tcp://8.8.8.99:1", now + 999)).toBe(false);
    expect(crowd.mayBegin("tls://8.8.9.1:1", now + 999)).toBe(true);
    expect(crowd.mayBegin("tcp://8.8.8.99:1", now + 1000)).toBe(true);
    expect(crowd.mayBegin("tcp://8.8.8.99:1", now + 1000)).toBe(false);
    expect(crowd.mayBegin("tcp://8.8.8.99:1", now + 1001)).toBe(true);
  });

  test("are as many as they like from loopback and private ranges", () => {
    const crowd = new Crowd(Limit);
    for (const address of exempt) {
      for (let i = 0; i < 100; i++) expect(crowd.mayBegin(address, now)).toBe(true);
    }
  });

  test("take no more memory than 4,096 prefixes", () => {
    const crowd = new Crowd({ ...Limit, HANDSHAKES_PER_SECOND: 1 });
    for (let i = 0; i < 4097; i++) crowd.mayBegin(`tcp://8.${i >> 8}.${i & 255}.1:1`, now);
    expect(crowd.mayBegin("tcp://8.0.0.2:1", now)).toBe(true);
    expect(crowd.mayBegin("tcp://8.16.0.2:1", now)).toBe(false);
  });
});

describe("handshakes", () => {
  test("beyond four of one prefix take the place of the oldest", () => {
    const crowd = new Crowd(Limit);
    const begin = (link: number): number | undefined => crowd.beginHandshake(link, `tcp://8.8.8.${link}:1`);
    expect([1, 2, 3, 4].map(begin)).toEqual([undefined, undefined, undefined, undefined]);
    expect(crowd.beginHandshake(50, "tcp://8.8.9.1:1")).toBeUndefined();
    expect(begin(5)).toBe(1);
    crowd.ended(1);
    crowd.endHandshake(3);
    expect(begin(6)).toBeUndefined();
    expect(begin(7)).toBe(2);
  });

  test("of loopback are not counted", () => {
    const crowd = new Crowd(Limit);
    for (let link = 0; link < 50; link++) expect(crowd.beginHandshake(link, "tcp://127.0.0.1:1")).toBeUndefined();
  });
});

describe("READY sessions", () => {
  test("are eight of one address, whatever the port", () => {
    const crowd = new Crowd(Limit);
    for (let link = 0; link < 8; link++) {
      expect(crowd.mayBecomeReady(`tcp://8.8.8.8:${link + 1}`)).toBe(true);
      crowd.ready(link, `tcp://8.8.8.8:${link + 1}`);
    }
    expect(crowd.mayBecomeReady("tls://8.8.8.8:99")).toBe(false);
    expect(crowd.mayBecomeReady("tcp://8.8.8.9:99")).toBe(true);
    crowd.ended(3);
    expect(crowd.mayBecomeReady("tls://8.8.8.8:99")).toBe(true);
    crowd.ended(3);
    crowd.ready(8, "tcp://8.8.8.8:9");
    expect(crowd.mayBecomeReady("tls://8.8.8.8:99")).toBe(false);
  });

  test("of loopback are not counted", () => {
    const crowd = new Crowd(Limit);
    for (const address of exempt) {
      for (let link = 0; link < 20; link++) crowd.ready(link, address);
      expect(crowd.mayBecomeReady(address)).toBe(true);
    }
  });
});
