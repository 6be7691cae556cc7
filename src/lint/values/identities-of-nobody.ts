import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { envoyMatchers } from '../../mesh/policies/envoy-matchers.js';
import type { Attribute } from '../../mesh/view.js';
import { suggest } from '../../util/suggest.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { proofOf } from '../evidence.js';
import { futureCallerIn } from './future-callers.js';
import { isSomebody } from './identities.js';
import { consequenceOf, type WrittenValue, writtenValues } from './written-values.js';

/** An identity that nobody in the given manifests has: a typing error, or a caller whose manifests were left out; all were if there is no account at all. */
export function identitiesOfNobody(context: LintContext): readonly Diagnostic[] {
  const accounts = [...context.mesh.clusters.values()].flatMap(({ cluster }) => [...cluster.serviceAccounts]);
  if (accounts.length === 0) return [];
  const attributes = ['source.principal', 'source.serviceAccount', 'source.namespace'] as const;
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, (value, subject) => isNobody(context, attribute, value, subject)).map(
      (mistake) => {
        const { subject, value, span } = mistake;
        const nearest = nearestTo(context, mistake);
        const corrected = nearest === undefined ? undefined : consequenceOf(context, mistake, () => [nearest]);
        const evidence = corrected ?? futureCallerIn(context, mistake);
        const law = 'no workload, gateway, waypoint or ServiceAccount of the manifests has it';
        const unseen = 'no request shows it: whoever the manifests know is decided alike without it';
        const proof = evidence === undefined ? proofOf(undefined, law, unseen) : proofOf(evidence, law);
        const help = nearest === undefined ? {} : { help: `did you mean \`${nearest}\`?` };
        return diagnostic('policy-for-nobody', { policy: nameOf(subject.policy), value }, span, { ...proof, ...help });
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

/** The known value that was probably meant. Of principals the accounts are compared: all else is alike in all of them. */
function nearestTo({ mesh }: LintContext, { test: { attribute }, value }: WrittenValue): string | undefined {
  const accounts = [...mesh.clusters.values()].flatMap(({ cluster }) => [...cluster.serviceAccounts]);
  if (attribute === 'source.namespace') return suggest(value, accounts.map(namespaceOf))[0];
  if (attribute === 'source.serviceAccount') return suggest(value, accounts)[0];
  const [, trustDomain, namespace, name] = /^([^/]*)\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(value) ?? [];
  if (trustDomain === undefined || accounts.includes(`${namespace}/${name}`)) return undefined;
  const [nearest] = suggest(`${namespace}/${name}`, accounts);
  if (nearest === undefined) return undefined;
  const [meantNamespace = '', meantName = ''] = nearest.split('/');
  return `${trustDomain}/ns/${meantNamespace}/sa/${meantName}`;
}

function namespaceOf(account: string): string {
  return account.slice(0, account.indexOf('/'));
}
