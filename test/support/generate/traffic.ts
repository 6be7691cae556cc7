import { fc } from '../fast-check.js';
import type { SmallMesh } from './mesh.js';

/** A TrafficSettings document, as the language writes it. */
export interface TrafficSettings {
  readonly apiVersion: 'ambit.dev/v1alpha1';
  readonly kind: 'TrafficSettings';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly scope: { readonly service: string } } & Partial<Traffic>;
}

interface Traffic {
  readonly timeout: string;
  readonly retries: { readonly attempts: number; readonly perTryTimeout?: string };
  readonly versions: Readonly<Record<string, { readonly labels: Readonly<Record<string, string>> }>>;
  readonly split: Readonly<Record<string, number>>;
}

/** Settings for at most two services of the mesh. */
export function trafficSettings(mesh: SmallMesh): fc.Arbitrary<readonly TrafficSettings[]> {
  const services = mesh.namespaces.flatMap(({ name, services: own }) =>
    own.map((service) => ({ namespace: name, name: service.name })),
  );
  return fc
    .subarray(services, { maxLength: Math.min(2, services.length) })
    .chain((chosen) => fc.tuple(...chosen.map(({ namespace, name }) => settingsFor(namespace, name))));
}

function settingsFor(namespace: string, name: string): fc.Arbitrary<TrafficSettings> {
  return traffic(name).map((settings) => ({
    apiVersion: 'ambit.dev/v1alpha1',
    kind: 'TrafficSettings',
    metadata: { name: `${namespace}-${name}` },
    spec: { scope: { service: `${namespace}/${name}` }, ...settings },
  }));
}

function traffic(name: string): fc.Arbitrary<Partial<Traffic>> {
  const timeout = fc.constantFrom('2s', '1m30s').map((duration) => ({ timeout: duration }));
  const retries = fc
    .constantFrom({ attempts: 2 }, { attempts: 3, perTryTimeout: '500ms' })
    .map((all) => ({ retries: all }));
  // The pods of a small service are all alike, so each version means all of them.
  const split = fc.constantFrom({ stable: 1 }, { stable: 90, canary: 10 }).map((shares) => ({
    versions: Object.fromEntries(Object.keys(shares).map((version) => [version, { labels: { app: name } }])),
    split: shares,
  }));
  return fc.oneof(
    timeout,
    split,
    retries,
    fc.tuple(timeout, split).map(([first, second]) => ({ ...first, ...second })),
  );
}
