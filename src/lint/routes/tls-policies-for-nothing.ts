import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { isGiven } from '../../mesh/given-namespaces.js';
import { asArray, asObject, asText } from '../../mesh/json.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { type JsonValue, type ManifestObject, type Path, spanIn } from '../../parse/document.js';
import { describe, namespaceOf } from '../../topology/fields.js';
import { didYouMean, suggest } from '../../util/suggest.js';
import type { LintContext } from '../context.js';
import { lawsOf } from './shown.js';

/** A target of a BackendTLSPolicy that is not there: requests go out without the TLS that it sets (T-46). */
export function tlsPoliciesForNothing({ mesh }: LintContext): readonly Diagnostic[] {
  return [...mesh.clusters.values()].flatMap((at) =>
    at.cluster.tlsPolicies.flatMap((object) => {
      const targets = asArray(asObject(object.value.spec)?.targetRefs);
      return targets.flatMap((target, index) => {
        const missing = missingOf(at, object, target);
        return missing === undefined ? [] : [finding(object, ['spec', 'targetRefs', index], missing)];
      });
    }),
  );
}

interface Missing {
  readonly field: string;
  readonly why: string;
  readonly near: readonly string[];
}

function missingOf(at: MeshCluster, object: ManifestObject, target: JsonValue): Missing | undefined {
  const { group = '', kind = '', name, sectionName } = asObject(target) ?? {};
  const all = targetsIn(at, `${group}/${kind}`);
  if (all === undefined) {
    return { field: 'kind', why: `it is for Services and ServiceEntries, and not for kind \`${kind}\``, near: [] };
  }
  const [namespace, written] = [namespaceOf(object), asText(name) ?? ''];
  const around = [...all.values()].filter((each) => each.namespace === namespace);
  const found = around.find((each) => each.name === written);
  if (found === undefined) {
    if (!isGiven(at.cluster, namespace)) return undefined;
    const near = suggest(
      written,
      around.map((each) => each.name),
    );
    return { field: 'name', why: `there is no ${kind} \`${namespace}/${written}\``, near };
  }
  const ports = found.ports.map((port) => port.name ?? '');
  const section = asText(sectionName) ?? '';
  if (section === '' || ports.includes(section)) return undefined;
  return {
    field: 'sectionName',
    why: `${kind} \`${namespace}/${written}\` has no port of name \`${section}\``,
    near: suggest(section, ports),
  };
}

/** What a policy of a namespace can be for: it has no field for another one. */
function targetsIn({ cluster: { services, serviceEntries } }: MeshCluster, kind: string) {
  if (kind === '/Service') return services;
  return kind === 'networking.istio.io/ServiceEntry' ? serviceEntries : undefined;
}

function finding(object: ManifestObject, place: Path, { field, why, near }: Missing): Diagnostic {
  const parameters = { policy: describe(object), why };
  return diagnostic('tls-policy-for-nothing', parameters, spanIn(object, [...place, field]), {
    ...lawsOf('no request shows it: every one is sent as if the policy were not there (istio-traffic-topology T-46)'),
    ...didYouMean(near),
  });
}
