// The limits of the simulated table: those of the registry, with checks that come more often, so that runs are short.
import { Limit } from "../../dist/gen/registry.js";

export const limits = { ...Limit, SYNC_MS: 15_000, CROSS_CHECK_MS: 300_000 };
export const roundMs = limits.RING_STABILIZE_MS;
export const maxTtlMs = 3_600_000;
