// The checksums of gzip and zlib: CRC-32 (RFC 1952) and Adler-32 (RFC 1950), as unsigned numbers.

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = (crcTable[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

const adlerPrime = 65_521;
/** So many bytes fit into 32 bits before the sums have to be reduced. */
const adlerStretch = 3800;

export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let start = 0; start < bytes.length; start += adlerStretch) {
    const end = Math.min(start + adlerStretch, bytes.length);
    for (let i = start; i < end; i++) {
      low += bytes[i] as number;
      high += low;
    }
    low %= adlerPrime;
    high %= adlerPrime;
  }
  return ((high << 16) | low) >>> 0;
}
