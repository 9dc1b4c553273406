import { configDefaults, defineConfig } from "vitest/config";

/** What takes longest, in `make test-all` alone. */
const long = ["hostile", "memory", "stuck"].map((name) => `test/process/${name}.test.ts`);
const leftOut = process.env["MOTET_TESTS"] === "all" ? [] : long;

/** Tests that measure their own process, or start others: each file has a worker of its own. */
const apart = ["test/process/**/*.test.ts", "test/{sim,ring,table}/**/*.test.ts"];

/** What takes a second here may take many where others work too; a test that hangs is still told of. */
const patience = { testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    // Many tests wait for processes and sockets: one worker leaves a processor idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...patience,
          name: "ts",
          root: "ts",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...apart],
          // What the files import is loaded once, not once for each.
          isolate: false,
        },
      },
      {
        test: {
          ...patience,
          name: "processes",
          root: "ts",
          include: apart,
          exclude: [...configDefaults.exclude, ...leftOut],
        },
      },
      {
        test: {
          ...patience,
          name: "conformance",
          root: "conformance",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          isolate: false,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["ts/src/**/*.ts", "conformance/src/**/*.ts"],
      exclude: ["**/*.test.ts", "ts/src/gen/**"],
      reportsDirectory: "coverage",
    },
  },
});
