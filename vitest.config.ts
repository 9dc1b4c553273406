import { configDefaults, defineConfig } from "vitest/config";

/** What takes longest, in `make test-all` alone. */
const long = ["hostile", "memory", "stuck"].map((name) => `test/process/${name}.test.ts`);
const leftOut = process.env["MOTET_TESTS"] === "all" ? [] : [...long, "test/table/campaign.test.ts"];

export default defineConfig({
  test: {
    // Many tests wait for processes and sockets: one worker leaves a processor idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "ts",
          root: "ts",
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...leftOut],
        },
      },
      { test: { name: "conformance", root: "conformance", include: ["src/**/*.test.ts", "test/**/*.test.ts"] } },
    ],
    coverage: {
      provider: "v8",
      include: ["ts/src/**/*.ts", "conformance/src/**/*.ts"],
      exclude: ["**/*.test.ts", "ts/src/gen/**"],
      reportsDirectory: "coverage",
    },
  },
});
