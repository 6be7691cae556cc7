import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { matchesText, textMatcher } from '../../mesh/policies/matcher.js';
import type { Test } from '../../mesh/policies/policy.js';
import type { Attribute } from '../../mesh/view.js';
import { keyOf, type Service } from '../../topology/model.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { inWords } from '../evidence.js';
import type { Site } from '../sites.js';
import { commonWishes } from '../wishes.js';
import { consequenceOf } from './consequence.js';
import { writtenValues } from './written-values.js';

/** A denial by one of the names of a Service: the Host header is what the caller typed, and the next name is not denied (§1.4). */
export function hostsOfOneName(context: LintContext): readonly Diagnostic[] {
  return writtenValues(context, 'request.host', isOneName).flatMap((mistake) => {
    const { subject, test, value } = mistake;
    const service = servicesOf(subject).find((each) => matchesSome(value, namesOf(each)));
    if (service === undefined) return [];
    const missing = missingFrom(listBeside(value, test), service);
    const wishes = () => new Map<Attribute, readonly string[]>([...commonWishes, ['request.host', missing]]);
    const replace = ({ behind }: Site) => {
      return behind?.service === service ? [value, ...missing, ...missing.map((name) => `${name}:*`)] : [value];
    };
    const evidence = consequenceOf(context, mistake, replace, wishes);
    if (evidence === undefined) return [];
    const law = 'hosts are compared with the Host header, which is the name that the caller used (istio-security §1.4)';
    const names = missing.flatMap((name) => [`\`${name}\``, `\`${name}:*\``]).join(', ');
    const parameters = { policy: nameOf(subject.policy), host: value, service: keyOf(service) };
    const help = `add ${names}; or leave \`hosts\` out, since a selector or a target says which Service is meant`;
    return diagnostic('host-of-one-name', parameters, mistake.span, {
      witness: inWords(evidence, 'every host'),
      notes: [{ message: law }],
      help,
    });
  });
}

/** Where the value widens what is refused, or asked about, and is the first of its list that names the Service. */
function isOneName(value: string, subject: PolicyInMesh, test: Test): boolean {
  const list = listBeside(value, test);
  if ((list === test.values) === (subject.policy.action === 'ALLOW')) return false;
  return servicesOf(subject).some((service) => {
    const first = list.find((each) => matchesSome(each, namesOf(service)));
    return first === value && missingFrom(list, service).length > 0;
  });
}

function listBeside(value: string, { values, notValues }: Test): readonly string[] {
  return values.includes(value) ? values : notValues;
}

function servicesOf({ sites }: PolicyInMesh): readonly Service[] {
  return [...new Set(sites.flatMap(({ behind }) => (behind === undefined ? [] : [behind.service])))];
}

/** The names that resolve to a Service, the last one for all of the mesh */
function namesOf({ name, namespace, host }: Service): readonly string[] {
  return [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, host];
}

function missingFrom(list: readonly string[], service: Service): readonly string[] {
  return namesOf(service).filter((name) => !list.some((value) => matchesSome(value, [name])));
}

/** With any port or none: a port that is left out is another finding. */
function matchesSome(value: string, names: readonly string[]): boolean {
  const matcher = textMatcher(value.replace(/:(\*|\d+)$/, ''));
  return names.some((name) => matchesText(matcher, name));
}
