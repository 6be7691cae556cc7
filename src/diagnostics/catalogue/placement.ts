import type { CatalogueEntry } from '../catalogue.js';

export const placement = {} as const satisfies Record<string, CatalogueEntry>;
