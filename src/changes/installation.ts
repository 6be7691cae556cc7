import type { Cluster } from '../topology/model.js';
import type { Change } from './change.js';
import { contentOf } from './content.js';

/** Settings of Istio that are not the same: its version, its revision, its flags and all that its MeshConfig says. */
export function installationChanges(before: Cluster, after: Cluster): readonly Change[] {
  const [was, is] = [before, after].map(({ settings: { istio, trustDomain, trustDomainAliases, network } }) =>
    entriesOf({ ...istio, trustDomain, trustDomainAliases, network }),
  );
  const names = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  return names
    .filter((name) => was?.get(name) !== is?.get(name))
    .map((name) => ({
      kind: 'istio-changed',
      cluster: after.name,
      place: { kind: 'cluster', cluster: after.name, name: after.name },
      setting: name,
      was: `${name} ${was?.get(name) ?? 'not set'}`,
      is: `${name} ${is?.get(name) ?? 'not set'}`,
      causes: [
        { side: 'after', change: 'changed', what: `Istio's \`${name}\``, span: after.settings.span, intents: [] },
      ],
      others: [],
    }));
}

function entriesOf(settings: object): ReadonlyMap<string, string> {
  const entries = Object.entries(settings).map(([name, value]) => {
    return [name, typeof value === 'string' ? value : contentOf(value)] as const;
  });
  return new Map(entries);
}
