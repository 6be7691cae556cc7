import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type LintContext, nameOf } from '../context.js';
import { proofOf } from '../evidence.js';
import { consequenceOf } from './consequence.js';
import { futureCallerIn } from './future-callers.js';
import { isNobody, nearestTo } from './mistakes/nobody.js';
import { writtenValues } from './written-values.js';

/** An identity that nobody in the given manifests has: a typing error, or a caller whose manifests were left out; all were if there is no account at all. */
export function identitiesOfNobody(context: LintContext): readonly Diagnostic[] {
  const accounts = [...context.mesh.clusters.values()].flatMap(({ cluster }) => [...cluster.serviceAccounts]);
  if (accounts.length === 0) return [];
  const attributes = ['source.principal', 'source.serviceAccount', 'source.namespace'] as const;
  return attributes.flatMap((attribute) =>
    writtenValues(context, attribute, (value, subject) => isNobody(context, attribute, value, subject)).map(
      (mistake) => {
        const { subject, value, span } = mistake;
        const nearest = nearestTo(context, attribute, value);
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
