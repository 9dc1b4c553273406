// The curve arithmetic behind the forged signatures, and the vectors as they lie on disk.
import { describe, expect, test } from "vitest";
import { vectorsRoot } from "../case/index.js";
import { filled, nodeIdOf, ORDER, platformVerify, signBytes, toHex, utf8, verifies } from "../golden/index.js";
import { BASE, encodePoint, decodePoint, equationHolds, multiply, samePoint, scalarOf, smallOrderPoints, ZERO } from "./edwards25519.js";
import { lintVectors } from "./index.js";
import { mixedSignature, smallKeySignature } from "./signature-forge.js";
import { fillExamples } from "./spec-examples.js";

describe("edwards25519", () => {
  const seed = filled(32, 7);

  test("keys and signatures like the platform's", () => {
    expect(toHex(encodePoint(multiply(BASE, scalarOf(seed))))).toBe(toHex(nodeIdOf(seed)));
    const message = utf8("message");
    expect(equationHolds(nodeIdOf(seed), message, signBytes(seed, message))).toBe(true);
    expect(equationHolds(nodeIdOf(seed), utf8("other"), signBytes(seed, message))).toBe(false);
    expect(samePoint(multiply(BASE, ORDER), ZERO)).toBe(true);
  });

  test("eight points of small order, which decode to themselves", () => {
    const points = smallOrderPoints();
    expect(new Set(points.map((point) => toHex(encodePoint(point))))).toHaveLength(8);
    for (const point of points) {
      expect(samePoint(multiply(point, 8n), ZERO)).toBe(true);
      expect(decodePoint(encodePoint(point))).toEqual(point);
    }
  });

  test("mixed order: without cofactor only where the parts cancel", () => {
    const good = mixedSignature(seed, 1, 3, true);
    expect(platformVerify(good.nodeId, good.message, good.signature)).toBe(true);
    const bad = mixedSignature(seed, 1, 0, false);
    expect(equationHolds(bad.nodeId, bad.message, bad.signature)).toBe(false);
    expect(equationHolds(bad.nodeId, bad.message, bad.signature, 8n)).toBe(true);
    expect(platformVerify(bad.nodeId, bad.message, bad.signature)).toBe(false);
  });

  test("a key of small order signs whatever it likes, so it is refused", () => {
    const forged = smallKeySignature(encodePoint(smallOrderPoints()[1] ?? ZERO), 1);
    expect(equationHolds(forged.nodeId, forged.message, forged.signature)).toBe(true);
    expect(verifies(forged.nodeId, forged.message, forged.signature)).toBe(false);
  });
});

describe("the vectors on disk", () => {
  // That they are what is generated is for `vectors lint` to say.
  test("are without findings", () => {
    expect(lintVectors(vectorsRoot, new Set()).findings).toEqual([]);
  });

  test("examples are filled in once", () => {
    const chapter = "a\n\n<!-- example:frame.ping-request -->\n\nb";
    const once = fillExamples(chapter);
    expect(once).toContain("<!-- /example -->\n\nb");
    expect(fillExamples(once)).toBe(once);
    expect(() => fillExamples("<!-- example:no.such -->")).toThrow("no.such");
  });
});
