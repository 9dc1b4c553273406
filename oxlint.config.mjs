// Rules of the linter. Types are checked by tsc and form by prettier: here stands what neither of them sees.
// Which folder of ts/src may import what is one table, ts/layers.json; ts/test/architecture.test.ts covers the rest of it.
import { readFileSync } from "node:fs";

const layers = JSON.parse(readFileSync(new URL("ts/layers.json", import.meta.url), "utf8"));

const sizes = {
  "max-lines": ["error", { max: 400 }],
  // 40 is the aim. The limit leaves room for a table or a long signature, and comments cost nothing.
  "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
  "max-params": ["error", { max: 5 }],
  "max-depth": ["error", { max: 4 }],
  complexity: ["error", { max: 20 }],
};

const habits = {
  eqeqeq: "error",
  "no-var": "error",
  "prefer-const": "error",
  "no-else-return": "error",
  "no-console": "off",
  // Bytes are what this code is about, and order often matters: one await after the other is right more often than not.
  "no-bitwise": "off",
  "no-await-in-loop": "off",
  // Names that are clear in a small scope may repeat an outer one.
  "no-shadow": "off",
  "no-underscore-dangle": "off",
  // A helper stands beside what it helps.
  "unicorn/consistent-function-scoping": "off",
  // Table tests branch on what their row expects.
  "vitest/no-conditional-expect": "off",
  "vitest/valid-expect": ["error", { maxArgs: 2 }],
  "import/no-default-export": "error",
  "import/no-cycle": "error",
  "import/no-unassigned-import": "off",
  "unicorn/filename-case": ["error", { case: "kebabCase" }],
  "unicorn/prefer-node-protocol": "error",
  // These would trade a short list, a known size or a plain sort for something that is not better here.
  "unicorn/prefer-set-has": "off",
  "oxc/no-map-spread": "off",
  "unicorn/no-new-array": "off",
  "unicorn/no-array-sort": "off",
  // Threads have no origin; there are no windows here.
  "unicorn/require-post-message-target-origin": "off",
};

const types = {
  "typescript/consistent-type-imports": "error",
  "typescript/explicit-module-boundary-types": "error",
  "typescript/no-explicit-any": "error",
  "typescript/no-non-null-assertion": "error",
  "typescript/no-floating-promises": "error",
  "typescript/no-misused-promises": "error",
  "typescript/no-unnecessary-type-assertion": "error",
  "typescript/only-throw-error": "error",
  "typescript/prefer-readonly": "error",
  "typescript/return-await": "error",
  "typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
  "typescript/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
  // Narrowing what comes from a parser or a table is what an assertion is for; `any` itself is banned.
  "typescript/no-unsafe-type-assertion": "off",
};

/** What the folder `name` of ts/src must not import. */
function importRules(name) {
  const at = layers.folders.indexOf(name);
  const apart = layers.apart.includes(name) ? layers.apart : [];
  const allowed = layers.folders.slice(1, at).filter((folder) => !apart.includes(folder));
  const generated = layers.protobuf.includes(name) ? ["registry", "messages"] : ["registry"];
  const entries = [...generated.map((entry) => `gen/${entry}.js`), ...allowed.map((folder) => `${folder}/index.js`)];
  const patterns = [
    {
      group: ["../*/**", ...entries.flatMap((entry) => [`!../${entry}`, `!../../${entry}`])],
      message: `${name} imports from folders above it in ts/layers.json only, and through their index.js.`,
    },
  ];
  if (!layers.node.includes(name)) patterns.push({ regex: "^node:|^ws$", message: `${name} is pure: no Node.` });
  if (!layers.protobuf.includes(name)) {
    patterns.push({ regex: "^@bufbuild/", message: "The Protobuf runtime belongs to gen and codec." });
  }
  if (name !== "codec") patterns.push({ regex: "^fflate$", message: "fflate belongs to one file of codec." });
  patterns.push({ regex: "^ajv", message: "ajv belongs to conformance and to tests." });
  return { "no-restricted-imports": ["error", { patterns }] };
}

const pure = {
  "no-restricted-globals": [
    "error",
    { name: "Date", message: "Time is an input: `now`." },
    { name: "performance", message: "Time is an input: `now`." },
  ],
  "no-restricted-properties": [
    "error",
    { object: "Math", property: "random", message: "Randomness is a port: see ports." },
  ],
};

const tests = ["**/*.test.ts", "ts/test/**", "ts/bench/**", "conformance/test/**"];

export default {
  options: { typeAware: true, denyWarnings: true },
  plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "promise", "node", "vitest"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  ignorePatterns: ["**/dist/**", "coverage/**", "ts/src/gen/**", "conformance/out/**"],
  rules: { ...sizes, ...habits, ...types },
  overrides: [
    ...layers.folders.slice(1).map((name) => ({ files: [`ts/src/${name}/**/*.ts`], rules: importRules(name) })),
    {
      files: layers.folders.filter((name) => !layers.node.includes(name)).map((name) => `ts/src/${name}/**/*.ts`),
      rules: pure,
    },
    {
      files: ["conformance/**"],
      rules: {
        "no-restricted-imports": [
          "error",
          { patterns: [{ regex: "(^|/)ts/(src|dist)/|^motet(/|$)", message: "The judge never imports the judged." }] },
        ],
      },
    },
    { files: ["**/*.config.{mjs,ts}"], rules: { "import/no-default-export": "off" } },
    {
      // A suite is one long function by nature; and tests look at what types forbid.
      files: tests,
      rules: {
        "no-restricted-imports": "off",
        "no-restricted-globals": "off",
        "no-restricted-properties": "off",
        "max-lines-per-function": "off",
        "typescript/no-non-null-assertion": "off",
        "typescript/explicit-module-boundary-types": "off",
      },
    },
    {
      // Plain JavaScript: scripts, examples, adapters of ports. They are not part of a TypeScript project.
      files: ["**/*.mjs", "**/*.js"],
      rules: { "typescript/explicit-module-boundary-types": "off", "typescript/prefer-readonly": "off" },
    },
    // The adapter of the reference is a port like every other: it uses the package that it adapts.
    { files: ["conformance/ports/typescript/**"], rules: { "no-restricted-imports": "off" } },
  ],
};
