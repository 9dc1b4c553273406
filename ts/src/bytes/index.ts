export { asciiBytes, compareBytes, concatBytes, equalBytes, isAt } from "./arrays.js";
export { formatBech32m, parseBech32m } from "./bech32m.js";
export { formatHex, parseHex } from "./hex.js";
export { isU63, maxU63, readU16, readU24, readU32, readU64, writeU16, writeU32, writeU64 } from "./integers.js";
export { SlabCopier } from "./slab.js";
export { WordComparer } from "./word-comparer.js";
export { decodeUtf8, encodeUtf8, isUtf8 } from "./utf8.js";
