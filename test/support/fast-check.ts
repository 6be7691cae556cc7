import { configureGlobal } from 'fast-check';

/** All properties draw from one seed, so that a run can be repeated; `AMBIT_SEED` chooses another. */
configureGlobal({ seed: Number(process.env.AMBIT_SEED ?? 1) });

export * as fc from 'fast-check';
