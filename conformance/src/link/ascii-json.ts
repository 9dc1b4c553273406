// JSON in ASCII, as link/1 asks: every other character as \\uXXXX.

/** Text with \\uXXXX for every character beyond 7E. */
export function escapeNonAscii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

export function asciiJson(value: unknown): string {
  return escapeNonAscii(JSON.stringify(value));
}
