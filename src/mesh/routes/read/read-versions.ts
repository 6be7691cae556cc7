import type { ManifestObject } from '../../../parse/document.js';
import type { Cluster, Labels } from '../../../topology/model.js';
import { withoutTemplateHash } from '../../../topology/rollouts/template-hash.js';
import { asLabels, asObject, asText } from '../../json.js';
import { readScope, type ScopedRule } from '../../paths/tls-settings.js';
import { nodesOf } from './fields.js';

/** A DestinationRule, as far as it names versions of its host: each has the pods with its labels. */
export interface VersionRule extends ScopedRule {
  readonly subsets: ReadonlyMap<string, Labels>;
  readonly object: ManifestObject;
}

/** All of them, those that name no version included: they may hide others that do. */
export function readVersions(
  { routes, rollouts, settings }: Pick<Cluster, 'routes' | 'rollouts' | 'settings'>,
  clusterDomain: string,
): readonly VersionRule[] {
  return routes
    .filter(({ kind }) => kind === 'DestinationRule')
    .map((object) => {
      const spec = { value: asObject(object.value.spec) ?? {}, place: ['spec'] };
      const { namespace = 'default' } = object;
      const subsets = nodesOf(spec, 'subsets').map(({ value }) => {
        const labels = withoutTemplateHash(rollouts, namespace, asLabels(value.labels));
        return [asText(value.name) ?? '', labels] as const;
      });
      return {
        ...readScope(object, clusterDomain, settings.istio.defaultDestinationRuleExportTo),
        subsets: new Map(subsets.toReversed()),
        object,
      };
    });
}
