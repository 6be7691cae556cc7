import type { IstioVersion } from '../../src/parse/mesh.js';

/** The release whose code judges: the model is asked as if every cluster ran it. Its module says it is from before 1.31.0. */
export const judgedRelease: IstioVersion = '1.31';
