import type { CatalogueEntry } from '../catalogue.js';

export const emission = {} as const satisfies Record<string, CatalogueEntry>;
