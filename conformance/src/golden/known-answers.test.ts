// The golden codec against published answers: RFC 8032, BIP 350, and the byte checks of 1.1 and 1.2.
import { describe, expect, test } from "vitest";
import {
  BECH32,
  BECH32M,
  checksumHolds,
  concat,
  fromHex,
  isValidPoint,
  nodeIdOf,
  PRIME,
  REFUSED_Y,
  signBytes,
  toHex,
  toLittleEndian,
  verifies,
  withByte,
} from "./index.js";

// RFC 8032, section 7.1: seed, public key, message, signature.
const rfc8032 = [
  [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
] as const;

describe("Ed25519", () => {
  test.each(rfc8032)("RFC 8032 seed %s", (seed, key, message, signature) => {
    expect(toHex(nodeIdOf(fromHex(seed)))).toBe(key);
    expect(toHex(signBytes(fromHex(seed), fromHex(message)))).toBe(signature);
    expect(verifies(fromHex(key), fromHex(message), fromHex(signature))).toBe(true);
    expect(verifies(fromHex(key), concat(fromHex(message), fromHex("00")), fromHex(signature))).toBe(false);
  });

  test("refused points, whatever their highest bit", () => {
    for (const y of [...REFUSED_Y.map(fromHex), toLittleEndian(PRIME), toLittleEndian(2n ** 255n - 1n)]) {
      expect(isValidPoint(y)).toBe(false);
      expect(isValidPoint(withByte(y, 31, (y[31] ?? 0) | 0x80))).toBe(false);
    }
    expect(isValidPoint(toLittleEndian(PRIME - 2n))).toBe(true);
    expect(isValidPoint(new Uint8Array(31).fill(9))).toBe(false);
  });
});

describe("Bech32m", () => {
  // Valid texts of BIP 350 in lower case; the human-readable parts are others than ours.
  const valid = [
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
  ];
  test.each(valid)("BIP 350: %s", (text) => {
    expect(checksumHolds(text, BECH32M)).toBe(true);
    expect(checksumHolds(text, BECH32)).toBe(false);
  });

  test.each(["y1b0jsk6g", "lt1igcx5c0", "mm1crxm3i", "au1s5cgom", "16plkw9", "1p2gdwpf", "in1muywd"])(
    "BIP 350 refuses %s",
    (text) => {
      expect(checksumHolds(text, BECH32M)).toBe(false);
    },
  );
});
