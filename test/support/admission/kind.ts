import type { CrdSchema } from './crd-schema.js';

/** A served version of a kind. */
export interface Kind {
  readonly scope: 'Namespaced' | 'Cluster';
  /** How the API server checks `metadata.name`. */
  readonly nameSyntax: 'subdomain' | 'label' | 'label-1035';
  readonly schema: CrdSchema;
}
