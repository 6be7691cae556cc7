import type { CatalogueEntry } from '../catalogue.js';

export const resolution = {} as const satisfies Record<string, CatalogueEntry>;
