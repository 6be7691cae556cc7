import type { Cluster } from '../topology/model.js';
import type { Change } from './change.js';
import { contentOf } from './content.js';

/** Settings of Istio that are not the same: its version, its revision, its flags and all that its MeshConfig says. */
export function installationChanges(before: Cluster, after: Cluster): readonly Change[] {
  const [was, is] = [entriesOf(before), entriesOf(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => ({
      kind: 'istio-changed',
      cluster: after.name,
      place: { kind: 'cluster', cluster: after.name, name: after.name },
      setting: name,
      was: `${name} ${was.get(name) ?? 'not set'}`,
      is: `${name} ${is.get(name) ?? 'not set'}`,
      causes: [
        { side: 'after', change: 'changed', what: `Istio's \`${name}\``, span: after.settings.span, intents: [] },
      ],
      others: [],
    }));
}

function entriesOf({ settings }: Cluster): ReadonlyMap<string, string> {
  const { trustDomain, trustDomainAliases, network } = settings;
  const { trafficDefaults = [], otherRevisions, ...istio } = settings.istio;
  const others = otherRevisions.map(({ name }) => name);
  const entries: ReadonlyArray<readonly [string, unknown]> = [
    ...Object.entries({ ...istio, otherRevisions: others, trustDomain, trustDomainAliases, network }),
    ...trafficDefaults.map(({ field, value }) => [field, value] as const),
    ...otherRevisions.flatMap((revision) =>
      Object.entries(revision.settings).map(
        ([name, value]) => [`${name} of revision ${revision.name}`, value] as const,
      ),
    ),
  ];
  return new Map(entries.map(([name, value]) => [name, typeof value === 'string' ? value : contentOf(value)]));
}
