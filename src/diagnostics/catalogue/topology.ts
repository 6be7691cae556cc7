import type { CatalogueEntry } from '../catalogue.js';

export const topology = {} as const satisfies Record<string, CatalogueEntry>;
