import type { ManifestObject } from '../../../parse/document.js';
import type { Cluster, Labels } from '../../../topology/model.js';
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
  { routes, settings }: Pick<Cluster, 'routes' | 'settings'>,
  clusterDomain: string,
): readonly VersionRule[] {
  return routes
    .filter(({ kind }) => kind === 'DestinationRule')
    .map((object) => {
      const spec = { value: asObject(object.value.spec) ?? {}, place: ['spec'] };
      const subsets = nodesOf(spec, 'subsets').map(
        ({ value }) => [asText(value.name) ?? '', asLabels(value.labels)] as const,
      );
      return {
        ...readScope(object, clusterDomain, settings.istio.defaultDestinationRuleExportTo),
        subsets: new Map(subsets.toReversed()),
        object,
      };
    });
}
