// Limits as a node holds them: the names of the registry, the values of its options.

import type { LimitName } from "../gen/registry.js";

/** Every limit of section 9.7 by its name, with the values of this node. */
export type Limits = Readonly<Record<LimitName, number>>;
