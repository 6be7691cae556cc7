import type { CatalogueEntry } from '../catalogue.js';

export const parsing = {} as const satisfies Record<string, CatalogueEntry>;
