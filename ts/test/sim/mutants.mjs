// Five defects, planted into a copy of the compiled package: what the simulator must find. Each is one change of one file, and the
// copy stands below node_modules, so that packages are found from there.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const dist = path.join(root, "ts/dist");

export const planted = [
  {
    name: "echo",
    what: "relays go back to the peer that a broadcast came from",
    file: "mesh/peer-set.js",
    from: "if (this.recent.hasFrom(entry, peer.slot) || isAmong(waiting, peer))",
    to: "if (isAmong(waiting, peer))",
  },
  {
    name: "twice",
    what: "what was accepted is accepted again",
    file: "mesh/signed-flood.js",
    from: 'if (standing === "accepted")',
    to: "if (false)",
  },
  {
    name: "forgotten-peer",
    what: "the last peer gets no relays",
    file: "mesh/peer-set.js",
    from: "|| isAmong(waiting, peer))",
    to: "|| isAmong(waiting, peer) || peer === this.#peers.findLast((one) => one !== undefined))",
  },
  {
    name: "squatting",
    what: "a broadcast with a bad signature is remembered as accepted",
    file: "mesh/signed-flood.js",
    from: "this.#outcome.rejectedSignature(copy.peer);",
    to: "this.#outcome.rejectedSignature(copy.peer); this.acceptOwn(copy.payload.subarray(this.#admission.contentOffset), this.now);",
  },
  {
    name: "harsh",
    what: "the first duplicate of an honest peer counts against it",
    file: "mesh/signed-flood.js",
    from: "if (this.#peers.isRepeat(peer, this.#peers.recent.find(origin, high, low)))",
    to: "this.#peers.isRepeat(peer, this.#peers.recent.find(origin, high, low));\n        if (true)",
  },
];

/** Compiles a copy of the package with one defect; answers its folder. */
export function plant({ name, file, from, to }) {
  const folder = path.join(root, "node_modules/.cache/sim-planted", `${name}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  cpSync(dist, folder, { recursive: true, filter: (source) => !/\.(?:d\.ts|tsbuildinfo)$/.test(source) });
  // The copy is of ES modules too.
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }\n');
  const target = path.join(folder, file);
  const source = readFileSync(target, "utf8");
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} places with ${JSON.stringify(from)}, not 1`);
  writeFileSync(target, parts.join(to));
  return folder;
}

export function uproot(folder) {
  rmSync(folder, { recursive: true, force: true });
}
