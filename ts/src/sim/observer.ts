// What an onlooker of a run is told: everything that a person who looks for a defect wants to see, as plain data.

/** Something that has happened, at a time in µs. Nodes are told by their numbers. */
export type Observation = { readonly atUs: number } & (
  | { readonly type: "action"; readonly action: string }
  | { readonly type: "sent"; readonly node: number; readonly to: number; readonly frames: string }
  | { readonly type: "accepted"; readonly node: number; readonly flood: string; readonly hops: number }
  | { readonly type: "up"; readonly node: number; readonly peer: number }
  | {
      readonly type: "down";
      readonly node: number;
      readonly peer: number;
      readonly code: string;
      readonly text: string;
    }
  | {
      readonly type: "refused";
      readonly node: number;
      readonly peer: number;
      readonly code: string;
      readonly text: string;
    }
  | { readonly type: "dropped"; readonly node: number; readonly to: readonly number[]; readonly count: number }
  | { readonly type: "violation"; readonly property: string; readonly detail: string }
);

/** An observation without its time. */
type Untimed<T> = T extends unknown ? Omit<T, "atUs"> : never;
export type Seen = Untimed<Observation>;
export type Observer = (observation: Observation) => void;
