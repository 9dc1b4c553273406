import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Many tests wait for processes and sockets: one worker leaves a processor idle.
    maxWorkers: 2,
    projects: [
      { test: { name: "ts", root: "ts", include: ["src/**/*.test.ts", "test/**/*.test.ts"] } },
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
