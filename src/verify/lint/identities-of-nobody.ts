import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { sortedUnique } from '../../util/order.js';
import { suggest } from '../../util/suggest.js';
import { envoyMatchers } from '../envoy-matchers.js';
import type { Attribute } from '../view.js';
import { type LintContext, nameOf, type PolicyInMesh } from './context.js';
import { isSomebody } from './identities.js';
import { writtenValues } from './written-values.js';

/** An identity that nobody in the given manifests has: a typing error, or a caller whose manifests were left out. */
export function identitiesOfNobody(context: LintContext): readonly Diagnostic[] {
  const attributes = ['source.principal', 'source.serviceAccount', 'source.namespace'] as const;
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, (value, subject) => isNobody(context, attribute, value, subject)).map(
      (mistake) => {
        const { subject, value, span } = mistake;
        const [nearest] = suggest(value, knownValues(context, attribute, subject));
        const notes = [{ message: 'no workload, gateway, waypoint or ServiceAccount of the manifests has it' }];
        const help = nearest === undefined ? {} : { help: `did you mean \`${nearest}\`?` };
        return diagnostic('policy-for-nobody', { policy: nameOf(subject.policy), value }, span, { notes, ...help });
      },
    ),
  );
}

/** A SPIFFE URI has a finding of its own. */
function isNobody(context: LintContext, attribute: Attribute, value: string, { at, policy }: PolicyInMesh): boolean {
  if (value.startsWith('spiffe://')) return false;
  const surroundings = { namespace: policy.namespace, trustDomains: at.trustDomains, version: '1.31' } as const;
  const matchers = envoyMatchers(attribute, value, surroundings);
  const compared = attribute === 'source.namespace' ? 'source.principal' : attribute;
  return matchers.every((matcher) => !isSomebody(context, compared, matcher));
}

function knownValues({ mesh }: LintContext, attribute: Attribute, { at }: PolicyInMesh): readonly string[] {
  const accounts = [...mesh.clusters.values()].flatMap(({ cluster }) => [...cluster.serviceAccounts]);
  const [trustDomain = ''] = at.trustDomains;
  return sortedUnique(
    accounts.map((account) => {
      const [namespace = '', name = ''] = account.split('/');
      if (attribute === 'source.namespace') return namespace;
      return attribute === 'source.serviceAccount' ? account : `${trustDomain}/ns/${namespace}/sa/${name}`;
    }),
  );
}
