// The table of addresses in 1.7, right and wrong: rows of the vectors.
import { addressVectors } from "./address.js";
import type { Vector } from "./types.js";

const RIGHT = ["tcp", "name", "port-80", "path-dialled", "ipv6", "ipv6-first-of-two", "name-0x-inside", "name-a-label", "memory", "pin-tcp"];
const WRONG = [
  "scheme-upper-case",
  "port-absent",
  "port-0",
  "port-leading-zero",
  "path-none",
  "path-query",
  "ipv4-two",
  "ipv4-octal",
  "ipv4-hex-one",
  "ipv4-name-number",
  "ipv6-upper-case",
  "ipv6-zero-written",
  "ipv6-one-shortened",
  "ipv6-zone",
  "mapped",
  "name-upper-case",
  "name-dot-last",
  "name-underscore",
  "memory-upper-case",
  "pin-checksum",
];

/** Members of an address, those that it has. */
function partsOf(ok: Readonly<Record<string, unknown>>): string {
  const { scheme, pin, host, port } = ok as { scheme: string; pin: string; host: string; port: number };
  const pinned = pin === "" ? "" : `, node id \`${pin.slice(0, 8)}…\``;
  return `${scheme}, host \`${host}\`${port === 0 ? "" : `, port ${port}`}${pinned}`;
}

function row({ in: { text }, expect, rules, comment }: Vector): string {
  const said = "ok" in expect ? partsOf(expect.ok) : `${"reject" in expect ? expect.reject.join(", ") : ""}, r[${rules[0]}]: ${comment}`;
  return `| \`${text as string}\` | ${said} |`;
}

export function addressExample(): string {
  const vectors = new Map(addressVectors().flatMap(({ cases }) => cases.map((one) => [one.id, one])));
  const rows = [...RIGHT, ...WRONG].map((name) => {
    const found = vectors.get(`codec/address/${name}`);
    if (found === undefined) throw new Error(`no vector codec/address/${name}`);
    return row(found);
  });
  return ["Vectors `codec/address/…`: text, and what it is.", "", "| text | |", "|---|---|", ...rows].join("\n");
}
