// The large simulations in small: determinism, the law of frames, coverage, and that machines and arrays agree. The programs
// are plain JavaScript, so what is used of them is typed here.
import { describe, expect, test } from "vitest";
import { longTest } from "../../harness/runs.js";

interface Flooded {
  readonly frames: number;
  readonly reached: number;
  readonly duplicates: number;
  readonly digest: string;
}
interface Sizes {
  readonly playArrays: (size: Size) => { readonly rows: readonly Flooded[] };
  readonly playMachines: (size: Size) => { readonly rows: readonly Flooded[]; readonly blame: number };
}
interface Size {
  readonly nodes: number;
  readonly graphs: number;
  readonly sources: number;
}
interface Survivors {
  readonly survivors: number;
  readonly reached: number;
  readonly frames: number;
  readonly isEqual: boolean;
}
interface Attack {
  readonly expected: number;
  readonly delivered: number;
  readonly repeated: number;
  readonly blamedHonest: number;
  readonly blamedAttackers: number;
}

const load = async (name: string): Promise<unknown> => import(new URL(name, import.meta.url).href);
const { playArrays, playMachines } = (await load("sizes.mjs")) as Sizes;
const { playMachineDeaths } = (await load("deaths.mjs")) as {
  readonly playMachineDeaths: (size: Pick<Size, "nodes" | "graphs">) => readonly Survivors[];
};
const { playAttack } = (await load("attacks.mjs")) as {
  readonly playAttack: (name: string, shape: object) => Attack;
};

const size = { nodes: 1000, graphs: 1, sources: 2 };
const small = { nodes: 60, attackers: 2, origins: 4 };

describe("large simulations", () => {
  test("a flood reaches everyone in 2E − n + 1 frames", () => {
    for (const { frames, reached, duplicates } of playArrays(size).rows)
      expect([frames, reached, duplicates]).toEqual([7001, 999, 6002]);
  });

  test("the same seed is the same flood, on any machine", () => {
    expect(playArrays(size).rows.map(({ digest }) => digest)).toEqual(["6ee81c31", "fb764ebf"]);
  });

  test(
    "machines deliver at the microsecond that arrays say",
    () => {
      const size = { nodes: 250, graphs: 1, sources: 2 };
      const machines = playMachines(size);
      const told = ({ digest, frames }: Flooded) => [digest, frames];
      expect(machines.rows.map(told)).toEqual(playArrays(size).rows.map(told));
      expect(machines.blame).toBe(0);
    },
    longTest,
  );

  test(
    "survivors that stay connected are reached when others die",
    () => {
      for (const { survivors, reached, frames, isEqual } of playMachineDeaths({ nodes: 200, graphs: 2 })) {
        expect(reached).toBe(survivors);
        expect(frames).toBeLessThan(7 * 200 + 1);
        expect(isEqual).toBe(true);
      }
    },
    longTest,
  );

  test.each(["squatting", "badSignatureFirst", "repetition"])(
    "%s costs honest nodes nothing",
    (name) => {
      const { expected, delivered, repeated, blamedHonest, blamedAttackers } = playAttack(name, small);
      expect([delivered, repeated, blamedHonest]).toEqual([expected, 0, 0]);
      expect(blamedAttackers).toBeGreaterThan(0);
    },
    longTest,
  );
});
