// Simulations as the tests see them: their programs are plain JavaScript, so what is used of them is typed here.

/** What a piece of a campaign came to. */
export interface Tallied {
  readonly violations: readonly object[];
  readonly violated: Readonly<Record<string, number>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly hash: string;
}

/** A piece: which seeds, of what plan. */
export interface Piece {
  readonly from: number;
  readonly count: number;
  readonly plan: object;
}

/** Loads a program, by its address. */
export const load = async (name: string, base: string): Promise<unknown> => import(new URL(name, base).href);

/** What plays pieces of a campaign, by the address of its tally. */
export async function playerAt(base: string): Promise<(piece: Piece) => Tallied> {
  const { playPiece } = (await load("tally.mjs", base)) as { readonly playPiece: (piece: Piece) => Tallied };
  return playPiece;
}
