import { isIP } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIp, isLocal, isMappedIpv4, parseIp, prefixOf, rangeOf, unmapIp } from "./ip.js";

const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
const ipv6 = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((value) => [value >> 8, value & 255])));
const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
const ip = (text: string): Uint8Array => parseIp(text) as Uint8Array;

describe("IP addresses as text", () => {
  test("are read as they were written, and written as the platform writes them", () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (bytes) => {
        expect(parseIp(formatIp(bytes))).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(ipv6, (bytes) => {
        expect(`[${formatIp(bytes)}]`).toBe(new URL(`http://[${formatIp(bytes)}]/`).hostname);
      }),
    );
  });

  test("any text is an address exactly when the platform takes it for one", () => {
    const piece = fc.constantFrom(
      ":",
      "::",
      ".",
      "0",
      "1",
      "00",
      "ffff",
      "FFFF",
      "12345",
      "g",
      "255",
      "256",
      "1.2.3.4",
      "",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
        (text) => {
          expect(parseIp(text) !== undefined, text).toBe(isIP(text) !== 0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["0:0:0:0:0:0:0:0", "::"],
    ["2001:DB8::0:1", "2001:db8::1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1:0:0:2:3:0:0:4", "1::2:3:0:0:4"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ])("%s is written %s", (text, written) => expect(formatIp(ip(text))).toBe(written));

  test.each([
    "",
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "fe80::1%eth0",
    "1.2.3.4::",
    "1.2.3",
    "01.2.3.4",
  ])("%j is none", (text) => expect(parseIp(text)).toBeUndefined());

  test("an IPv4 address inside an IPv6 one is taken out", () => {
    expect(isMappedIpv4(ip("::ffff:1.2.3.4"))).toBe(true);
    expect(unmapIp(ip("::ffff:1.2.3.4"))).toEqual(ip("1.2.3.4"));
    expect(unmapIp(ip("::fffe:1.2.3.4"))).toEqual(ip("::fffe:102:304"));
    expect(unmapIp(ip("1.2.3.4"))).toEqual(ip("1.2.3.4"));
  });
});

describe("ranges", () => {
  test.each([
    ["127.255.255.255", "loopback"],
    ["::1", "loopback"],
    ["::2", "special"],
    ["::", "special"],
    ["9.255.255.255", "public"],
    ["10.0.0.0", "private-10"],
    ["172.15.255.255", "public"],
    ["172.31.255.255", "private-172"],
    ["172.32.0.0", "public"],
    ["192.168.255.255", "private-192"],
    ["100.63.255.255", "public"],
    ["100.127.255.255", "shared"],
    ["169.254.0.0", "link-local-4"],
    ["febf::1", "link-local-6"],
    ["fec0::1", "special"],
    ["fdff::1", "unique-local"],
    ["223.255.255.255", "public"],
    ["255.255.255.255", "special"],
    ["198.19.255.255", "special"],
    ["2001:1ff::1", "special"],
    ["2001:200::1", "public"],
    ["3ffe::1", "public"],
    ["3fff:fff::1", "special"],
    ["3fff:1000::1", "public"],
    ["4000::1", "special"],
  ])("%s is %s", (text, range) => {
    expect(rangeOf(ip(text))).toBe(range);
    expect(isLocal(ip(text))).toBe(range !== "public" && range !== "special");
  });

  test("a prefix is 24 bits of IPv4 and 48 of IPv6", () => {
    expect(prefixOf(ip("192.0.2.77"))).toBe("192.0.2.0/24");
    expect(prefixOf(ip("2001:db8:1:2::3"))).toBe("2001:db8:1::/48");
  });
});
