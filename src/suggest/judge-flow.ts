import { decide } from '../mesh/decide.js';
import type { Mesh } from '../mesh/mesh.js';
import type { CompiledRule } from '../mesh/policies/compiled.js';
import type { HopTrace } from '../mesh/policies/decide-hop.js';
import { enforcementAt } from '../mesh/policies/enforcement.js';
import { ruleMatches } from '../mesh/policies/evaluate.js';
import { ask } from '../trace/ask/question.js';
import { allowingRule, type Responsible } from '../trace/responsible.js';
import { calledText, type Flow } from './flows.js';

/**
 * What the mesh says of a flow: a rule grants it, nothing forbids it where no rule is asked, it is refused, or the manifests do
 * not tell.
 */
export type Standing = 'granted' | 'open' | 'refused' | 'undecided';

export interface JudgedFlow extends Flow {
  readonly standing: Standing;
  /** The rules that let it through; of a flow without its requests, those that may. */
  readonly rules: readonly Responsible[];
}

/** Asks the mesh for what was observed. Nobody asks about a name that the manifests do not have. */
export function judgeFlow(mesh: Mesh, flow: Flow): JudgedFlow {
  const { from, to, request } = flow;
  const { value: asked } = ask(mesh, {
    from,
    fromIp: undefined,
    to: calledText(to),
    cluster: to.cluster,
    podIp: to.kind === 'workload',
    tcp: request === undefined && !to.isRead,
    method: request?.method,
    path: request?.path.startsWith('/') ? request.path : undefined,
    host: request?.host === '' ? undefined : request?.host,
    headers: {},
    token: undefined,
  });
  if (asked === undefined) return { ...flow, standing: 'undecided', rules: [] };
  const answers = [asked.first, ...asked.others].map((each) => answerOf(decide(mesh, each), request !== undefined));
  const standings = answers.map(({ standing }) => standing);
  return {
    ...flow,
    standing: worstFirst.find((standing) => standings.includes(standing)) ?? 'undecided',
    rules: answers.flatMap(({ rules }) => rules),
  };
}

const worstFirst: readonly Standing[] = ['refused', 'undecided', 'open', 'granted'];

type Answer = Pick<JudgedFlow, 'standing' | 'rules'>;

function answerOf({ verdict, trace }: ReturnType<typeof decide>, isRequest: boolean): Answer {
  const hops = trace.map((hop) => allowedAt(hop, isRequest));
  const rules = hops.flatMap(({ matching }) => matching);
  const isKeptOut = hops.some(({ asked, matching }) => asked && matching.length === 0);
  if (isRequest ? verdict.kind === 'denied' : isKeptOut) return { standing: 'refused', rules };
  if (isRequest && verdict.kind !== 'allowed') return { standing: 'undecided', rules };
  return { standing: rules.length > 0 ? 'granted' : 'open', rules };
}

/** Whether ALLOW policies are asked at an enforcement point, and their rules that match. */
function allowedAt(
  { hop, sees, policies }: HopTrace,
  isRequest: boolean,
): { readonly asked: boolean; readonly matching: readonly Responsible[] } {
  if (isRequest) {
    const allowing = policies.filter(({ action }) => action === 'ALLOW');
    const matching = allowing.flatMap(({ policy, rules }) =>
      rules
        .filter(({ matched }) => matched === 'yes')
        .map(({ place }) => allowingRule(hop.mesh.cluster.name, policy, place)),
    );
    return { asked: allowing.length > 0, matching };
  }
  const allowing = enforcementAt(hop).policies.filter(({ action }) => action === 'ALLOW');
  const matching = allowing.flatMap(({ policy, rules }) =>
    rules
      .filter((rule) => ruleMatches(connectionPart(rule), sees) !== 'no')
      .map(({ place }) => allowingRule(hop.mesh.cluster.name, policy, place)),
  );
  return { asked: allowing.length > 0, matching };
}

/** What a rule asks of a connection, whatever it asks of requests: a log of connections does not tell them. */
function connectionPart({ clauses, place }: CompiledRule): CompiledRule {
  return {
    place,
    clauses: clauses.map((clause) => ({
      ...clause,
      alternatives: clause.alternatives.map(({ conditions }) => ({
        conditions: conditions.filter(({ attribute }) => !attribute.startsWith('request.')),
      })),
    })),
  };
}
