// Vectors of error codes by number (0.3, 9.2).
import { enumEntries } from "../golden/index.js";
import type { VectorFile } from "./types.js";
import { VectorSet } from "./vector-set.js";

export function errorVectors(): VectorFile[] {
  const set = new VectorSet("error", "codes", "Numbers of error codes and their names");
  const rules = ["error.unknown"];
  const input = (number: number): Record<string, unknown> => ({ type: "errorCode", number });
  for (const { name, number } of enumEntries("ErrorCode")) {
    set.accept(`known-${number}`, "codec.decode", input(number), { rules, comment: `${name} of the registry` }, { code: name });
  }
  const groups = ["TRANSPORT", "HANDSHAKE", "PROTOCOL_ERROR", "REQUEST", "BUSY"];
  groups.forEach((code, group) => {
    const hundred = (group + 1) * 100;
    const unknown = [hundred + 50, hundred + 99, ...(group === 1 ? [203] : [])];
    for (const number of unknown) {
      set.accept(`unknown-${number}`, "codec.decode", input(number), { rules, comment: "an unknown code is the x00 code of its hundred" }, { code });
    }
  });
  for (const number of [0, 1, 99, 600, 1000, 65_535, 4_294_967_295]) {
    const about = { rules, comment: "outside 100…599", control: "known-100" };
    set.reject(`outside-${number}`, "codec.decode", input(number), "MALFORMED", about);
  }
  return [set.file];
}
