import type { CatalogueEntry } from '../catalogue.js';

export const project = {} as const satisfies Record<string, CatalogueEntry>;
