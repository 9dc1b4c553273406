import { expect, test } from "vitest";
import type { Case } from "../case/index.js";
import { kindsOf } from "./kinds.js";

const head = { rules: [], level: "MUST", since: 1, features: [], comment: "", file: "" } as const;
const codec = (expectation: object, control?: string): Case =>
  ({
    ...head,
    id: "codec/x",
    tier: "codec",
    in: {},
    expect: expectation,
    ...(control ? { control } : {}),
  }) as unknown as Case;
const node = (steps: object[], more: object = {}, control?: string): Case =>
  ({
    ...head,
    id: "node/x",
    tier: "node",
    scenario: { steps, ...more },
    ...(control ? { control } : {}),
  }) as unknown as Case;

test("a vector accepts or rejects, by what it expects", () => {
  expect(kindsOf(codec({ ok: {} }))).toEqual({ accepting: true, rejecting: false });
  expect(kindsOf(codec({ reject: ["MALFORMED"] }))).toEqual({ accepting: false, rejecting: true });
  expect(kindsOf(codec({ ok: {} }, "codec/y"))).toEqual({ accepting: false, rejecting: true });
});

test("a scenario may do both", () => {
  expect(kindsOf(node([{ do: "expectFrame" }]))).toEqual({ accepting: true, rejecting: false });
  expect(kindsOf(node([{ do: "hello" }, { do: "expectClose" }]))).toEqual({ accepting: false, rejecting: true });
  const both = [{ do: "repeat", steps: [{ do: "expectNoEvent" }] }, { do: "expectBroadcast" }];
  expect(kindsOf(node(both))).toEqual({ accepting: true, rejecting: true });
  expect(kindsOf(node([], { startRejects: "MISUSE" }))).toEqual({ accepting: false, rejecting: true });
  expect(kindsOf(node([{ do: "fence" }], {}, "node/y")).rejecting).toBe(true);
});
