import { expect, it } from 'vitest';
import type { Manifest } from '../../src/emit/manifest.js';
import type { PolicyIr } from '../../src/ir/policy-ir.js';
import type { Destination } from '../../src/resolve/resolved.js';
import { selects } from '../../src/topology/model.js';
import { sortedUnique } from '../../src/util/order.js';
import { fc } from '../support/fast-check.js';
import { compileSources, errorsOf, projectSources } from '../support/property-projects.js';

it('whatever must hold is realised by an object, or an error is reported', () => {
  fc.assert(
    fc.property(projectSources, (sources) => {
      const result = compileSources(sources);
      fc.pre(errorsOf(result).length === 0 && result.ir !== undefined);
      const realised = new Set(result.manifests.flatMap(({ realises }) => realises));
      expect(result.ir ? obligationsOf(result.ir).filter((id) => !realised.has(id)) : undefined).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

it('each destination of a rule has an object of its own that realises it', () => {
  fc.assert(
    fc.property(projectSources, (sources) => {
      const { ir, manifests, files } = compileSources(sources);
      fc.pre(ir !== undefined && files.length > 0);
      const lost = (ir?.destinations ?? []).flatMap(({ destination, obligations }) => {
        const own = manifests.filter((manifest) => protects(manifest, destination)).flatMap(({ realises }) => realises);
        return obligations
          .filter(({ origin }) => !own.includes(origin.id))
          .map(({ origin }) => [destination.id, origin.id]);
      });
      expect(lost).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

it('nothing is realised that nobody wrote', () => {
  fc.assert(
    fc.property(projectSources, (sources) => {
      const { ir, manifests } = compileSources(sources);
      fc.pre(ir !== undefined);
      const known = ir ? [...obligationsOf(ir), ...ir.defaults.map(({ origin }) => origin.id)] : [];
      expect(manifests.flatMap(({ realises }) => realises).filter((id) => !known.includes(id))).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

/** Whether an object is a policy of a destination: by the labels of its pods, or by the name of its Service. */
function protects({ cluster, object }: Manifest, { cluster: home, namespace, name, workloads }: Destination): boolean {
  if (object.kind !== 'AuthorizationPolicy' || cluster !== home || object.metadata.namespace !== namespace)
    return false;
  const { selector, targetRefs } = Object(object.spec);
  if (targetRefs !== undefined) return Object(targetRefs[0]).kind === 'Service' && Object(targetRefs[0]).name === name;
  return selector !== undefined && workloads.some(({ labels }) => selects(selector.matchLabels, labels));
}

/** The ids of everything that the IR says must hold: rules, modes, traffic settings, and defaults that deny. */
function obligationsOf({ destinations, defaults, mtls }: PolicyIr): string[] {
  const closed = defaults.filter(({ value }) => value === 'Deny');
  const own = destinations.flatMap(({ obligations, plaintext, traffic }) => [
    ...[...obligations, ...plaintext].map(({ origin }) => origin.id),
    ...(traffic ? [traffic.origin.id] : []),
  ]);
  return sortedUnique([...own, ...[...closed, ...mtls].map(({ origin }) => origin.id)]);
}
