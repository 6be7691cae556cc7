import type { CatalogueEntry } from '../catalogue.js';

export const verification = {} as const satisfies Record<string, CatalogueEntry>;
