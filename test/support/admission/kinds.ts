import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { sharedDirectory } from '../shared.js';
import { coreKinds } from './core-kinds.js';
import type { CrdSchema } from './crd-schema.js';
import type { Kind } from './kind.js';

/** CRDs that are installed together: an Istio release and the Gateway API release that it is tested with. */
export type Bundle = 'istio-1.29+gateway-1.4' | 'istio-1.31+gateway-1.6';

const directories = {
  'istio-1.29+gateway-1.4': ['istio-1.29', 'gateway-api-1.4'],
  'istio-1.31+gateway-1.6': ['istio-1.31', 'gateway-api-1.6'],
} as const satisfies Record<Bundle, readonly string[]>;

const bundles = new Map<Bundle, ReadonlyMap<string, Kind>>();

/** The kind that serves an `apiVersion`, or `undefined` where the API server would find no match. */
export function findKind(apiVersion: string, kind: string, bundle: Bundle): Kind | undefined {
  const key = `${apiVersion}/${kind}`;
  return coreKinds.get(key) ?? installedKinds(bundle).get(key);
}

/** The schemas of all kinds in all bundles, by `group/version/Kind`. */
export function installedSchemas(): ReadonlyArray<readonly [string, CrdSchema]> {
  const names = Object.keys(directories) as Bundle[];
  return names.flatMap((bundle) => [...installedKinds(bundle)].map(([key, { schema }]) => [key, schema] as const));
}

function installedKinds(bundle: Bundle): ReadonlyMap<string, Kind> {
  const known = bundles.get(bundle);
  if (known !== undefined) return known;
  const kinds = new Map(directories[bundle].flatMap(readDirectory).flatMap(kindsOf));
  bundles.set(bundle, kinds);
  return kinds;
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly kind: string };
    readonly versions: ReadonlyArray<{
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: CrdSchema };
    }>;
  };
}

function readDirectory(directory: string): readonly CustomResourceDefinition[] {
  const path = join(sharedDirectory, 'crds', directory);
  return readdirSync(path)
    .sort()
    .flatMap((file) => loadAll(readFileSync(join(path, file), 'utf8')) as (CustomResourceDefinition | null)[])
    .filter((document) => document !== null);
}

function kindsOf({ spec }: CustomResourceDefinition): ReadonlyArray<readonly [string, Kind]> {
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name, schema }) => [
      `${spec.group}/${name}/${spec.names.kind}`,
      { scope: spec.scope, nameSyntax: 'subdomain', schema: schema.openAPIV3Schema },
    ]);
}
