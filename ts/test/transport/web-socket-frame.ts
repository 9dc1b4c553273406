// Frames of RFC 6455 as a client writes them by hand: right ones, and such as no library would send.

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9 } as const;

export interface Frame {
  /** FIN, reserved bits and opcode. */
  readonly first: number;
  readonly payload?: Uint8Array;
  /** Without mask, as only a server may. */
  readonly isPlain?: boolean;
  /** The length in the header; that of the payload if left out. */
  readonly announced?: number;
}

/** A whole frame. Its mask is all zeros: the payload stands in it as it is. */
export function frameOf({ first, payload = new Uint8Array(), isPlain = false, announced }: Frame): Buffer {
  const length = announced ?? payload.length;
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const long = Buffer.alloc(short === 126 ? 2 : short === 127 ? 8 : 0);
  if (short === 126) long.writeUInt16BE(length);
  if (short === 127) long.writeBigUInt64BE(BigInt(length));
  const mask = isPlain ? Buffer.alloc(0) : Buffer.alloc(4);
  return Buffer.concat([Buffer.of(first, short | (isPlain ? 0 : 0x80)), long, mask, payload]);
}

/** A frame that is a whole message, or a control frame. */
export function whole(opcode: number, payload?: Uint8Array): Buffer {
  return frameOf({ first: 0x80 | opcode, ...(payload === undefined ? {} : { payload }) });
}
