// Compares short stretches of bytes four at a time. A loop over single bytes costs four times as much, a call into the
// platform twice as much; both showed on the path that recognises copies.

const none = new DataView(new ArrayBuffer(0));

export class WordComparer {
  #buffer: ArrayBufferLike = none.buffer;
  #view: DataView = none;

  /** Whether `bytes[start … end)` holds the same bytes as `known`. */
  isSame(known: DataView, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (known.byteLength !== length) return false;
    // Calls come in runs over one chunk: its view is made once.
    if (bytes.buffer !== this.#buffer) {
      this.#buffer = bytes.buffer;
      this.#view = new DataView(bytes.buffer);
    }
    const offset = bytes.byteOffset + start;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (known.getInt32(i) !== this.#view.getInt32(offset + i)) return false;
    for (; i < length; i++) if (known.getUint8(i) !== this.#view.getUint8(offset + i)) return false;
    return true;
  }
}
