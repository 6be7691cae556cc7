import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

/** Reference data that may lie beside a checkout: Istio's and the Gateway API's CRDs, real manifests. */
export const sharedDirectory = fileURLToPath(new URL('../../../shared/', import.meta.url));

/** A suite that needs the reference data, and is skipped on a machine that has none. */
export const describeWithShared = describe.skipIf(!existsSync(sharedDirectory));
