// Makes an input smaller for as long as something still holds of it: pieces are left out, then bytes are set to 00.

/** Tells whether a smaller value still shows what is looked for. */
export type Shows = (candidate: string) => Promise<boolean>;

const maxTries = 400;

/** Candidates for text in units of `width` characters: without a piece, from halves down to one unit. */
function* withoutPieces(text: string, width: number): Generator<string> {
  const units = text.length / width;
  for (let size = Math.ceil(units / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < units; at += size) {
      yield text.slice(0, at * width) + text.slice((at + size) * width);
    }
  }
}

function* withZeros(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 2) {
    if (text.slice(at, at + 2) !== "00") yield `${text.slice(0, at)}00${text.slice(at + 2)}`;
  }
}

/** The first smaller text that shows it; undefined when none does. */
async function smaller(
  candidates: Iterable<string>,
  shows: Shows,
  budget: { left: number },
): Promise<string | undefined> {
  for (const candidate of candidates) {
    if (budget.left-- <= 0) return undefined;
    if (await shows(candidate)) return candidate;
  }
  return undefined;
}

/** A text as small as some hundred tries make it; hexadecimal ones shrink by bytes. */
export async function shrink(text: string, hexadecimal: boolean, shows: Shows): Promise<string> {
  const budget = { left: maxTries };
  let best = text;
  for (;;) {
    const next =
      (await smaller(withoutPieces(best, hexadecimal ? 2 : 1), shows, budget)) ??
      (hexadecimal ? await smaller(withZeros(best), shows, budget) : undefined);
    if (next === undefined) return best;
    best = next;
  }
}
