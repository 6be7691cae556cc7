import { diagnostic } from '../diagnostics/create.js';
import type { CallerReference } from '../parse/ast.js';
import { keyOf } from '../topology/model.js';
import { ipBlockFault } from '../util/ip.js';
import { sortBy, sortedUnique } from '../util/order.js';
import { withoutCallers } from './caller-exceptions.js';
import type { BindContext } from './context.js';
import { sourceKey } from './deployed-parts.js';
import { nearGateways } from './gateways/near-gateways.js';
import { membersOf } from './group-members.js';
import { clusterNames, nearNames, wholeName } from './names.js';
import { isInNamespace } from './namespace-pattern.js';
import type { Caller, CallerIdentity, Source } from './resolved.js';

/** Binds the callers of a rule. An absent `from` is anyone. Unknown names are reported and left out. */
export function resolveCallers(
  context: BindContext,
  from: readonly CallerReference[] | undefined,
  namespace: string | undefined,
  ruleSpan: Caller['span'],
): Caller[] {
  if (from === undefined) return [{ kind: 'anyone', except: [], label: 'anyone', span: ruleSpan }];
  return from.flatMap((reference) => {
    if (reference.kind === 'group') return membersOf(context, reference);
    const identity = resolveCaller(context, reference, namespace);
    if (identity === undefined) return [];
    const caller = { ...identity, except: [], label: callerLabel(reference, namespace), span: reference.span };
    if (reference.except.length === 0) return [caller];
    const except = resolveCallers(context, reference.except, namespace, reference.span);
    return except.length < reference.except.length ? [] : withoutCallers(context, caller, except);
  });
}

function resolveCaller(
  context: BindContext,
  reference: CallerReference,
  namespace: string | undefined,
): CallerIdentity | undefined {
  switch (reference.kind) {
    case 'anyone':
    case 'anyAuthenticated':
      return { kind: reference.kind };
    case 'unauthenticated':
      return { kind: 'unidentified', isOne: false };
    case 'ipBlocks':
      return addresses(context, reference.blocks);
    case 'namespace':
      return namespaceCaller(context, reference);
    case 'namespaces':
      return namespacePattern(context, reference);
    case 'external':
      return external(context, reference);
    default:
      return named(context, reference, namespace);
  }
}

function addresses(
  context: BindContext,
  blocks: ReadonlyArray<{ value: string; span: Caller['span'] }>,
): CallerIdentity | undefined {
  for (const { value, span } of blocks) {
    const fault = ipBlockFault(value);
    if (fault) context.report(diagnostic('malformed-ip-block', { block: value }, span, fault));
  }
  const ipBlocks = sortedUnique(blocks.map(({ value }) => value));
  return { kind: 'addresses', ipBlocks, exceptBlocks: [], plaintext: false, outside: false };
}

type Named = Extract<CallerReference, { reference: string }>;

function namespaceCaller(context: BindContext, { reference, span }: Named): CallerIdentity | undefined {
  if (context.names.namespace.has(reference))
    return { kind: 'namespace', namespace: reference, members: context.sources.namespace(reference) };
  context.report(
    diagnostic(
      'unknown-namespace',
      { name: reference, where: clusterNames(context.topology) },
      span,
      nearNames(reference, context.names.namespace),
    ),
  );
  return undefined;
}

/** Namespaces that a controller makes at run time: nobody knows yet which there will be. */
function namespacePattern(context: BindContext, { reference, span }: Named): CallerIdentity | undefined {
  if (!/^(?:\*[-a-z0-9]+|[a-z0-9][-a-z0-9]*\*)$/.test(reference)) {
    context.report(diagnostic('malformed-namespace-pattern', { pattern: reference }, span));
    return undefined;
  }
  const members = context.sources.all.filter((source) => isInNamespace(reference, source.name));
  return { kind: 'namespace', namespace: reference, members };
}

function external(context: BindContext, { reference, span }: Named): CallerIdentity | undefined {
  const caller = context.topology.mesh.callers.find(({ name }) => name === reference);
  if (caller === undefined) {
    const known = context.topology.mesh.callers.map(({ name }) => name);
    context.report(diagnostic('unknown-external', { name: reference }, span, nearNames(reference, known)));
    return undefined;
  }
  if (caller.ipBlocks.length === 0) return { kind: 'unidentified', isOne: true };
  const ipBlocks = sortedUnique(caller.ipBlocks);
  return { kind: 'addresses', ipBlocks, exceptBlocks: [], plaintext: caller.plaintext, outside: true };
}

function named(context: BindContext, reference: Named, namespace: string | undefined): CallerIdentity | undefined {
  const name = wholeName(context, reference.reference, namespace, reference.span);
  if (name === undefined) return undefined;
  if (reference.kind === 'serviceAccount') return identityOf(context, name, reference);
  const members = sourcesOf(context, reference, name);
  return members && identities(context, members);
}

function identityOf(context: BindContext, name: string, { span }: Named): CallerIdentity | undefined {
  const members = context.sources.identity(name);
  const declared = context.names.serviceAccount;
  if (members.length === 0 && !declared.has(name)) {
    context.report(
      diagnostic(
        'unknown-service-account',
        { name, where: clusterNames(context.topology) },
        span,
        nearNames(name, declared),
      ),
    );
    return undefined;
  }
  if (members.length === 0) context.report(diagnostic('identity-of-nobody', { name }, span));
  return { kind: 'identities', serviceAccounts: [name], members, sharers: [] };
}

function sourcesOf(context: BindContext, { kind, span }: Named, name: string): readonly Source[] | undefined {
  const { topology, sources } = context;
  const where = clusterNames(topology);
  if (kind === 'gateway') {
    const members = sources.gateway(name);
    if (members.length > 0) return members;
    const near = nearGateways(context.names, name, sources.gateways);
    context.report(diagnostic('unknown-gateway', { name, where }, span, near));
    return undefined;
  }
  if (kind === 'workload') {
    const members = sources.workload(name);
    if (members.length > 0) return members;
    // The pods of waypoints and east-west gateways are no callers, and their names are known all the same.
    const isForwarder = context.names.workload.has(name);
    const details = isForwarder
      ? { help: 'it only forwards: name who calls' }
      : nearNames(name, context.names.workload);
    context.report(diagnostic('unknown-workload', { name, where }, span, details));
    return undefined;
  }
  return serviceMembers(context, name, span);
}

function serviceMembers(context: BindContext, name: string, span: Caller['span']): readonly Source[] | undefined {
  const services = context.destinations.service(name).flatMap(({ service }) => service ?? []);
  if (services.length === 0) {
    context.report(
      diagnostic(
        'unknown-service',
        { name, where: clusterNames(context.topology) },
        span,
        nearNames(name, context.names.service),
      ),
    );
    return undefined;
  }
  const members = services.flatMap((service) =>
    service.workloads.flatMap((key) =>
      context.sources.workload(key).filter(({ cluster }) => cluster === service.cluster),
    ),
  );
  if (members.length > 0) return members;
  context.report(
    diagnostic(
      'selects-nothing',
      { what: `service \`${name}\``, consequence: 'there is no caller to recognise' },
      span,
    ),
  );
  return undefined;
}

function identities(context: BindContext, members: readonly Source[]): CallerIdentity {
  const serviceAccounts = sortedUnique(members.map(({ serviceAccount }) => serviceAccount));
  const meant = new Set(members.map(sourceKey));
  const sharers = serviceAccounts
    .flatMap((account) => context.sources.identity(account))
    .filter((source) => !meant.has(sourceKey(source)));
  return { kind: 'identities', serviceAccounts, members, sharers: sortBy(sharers, sourceKey) };
}

/** Whose names belong to no namespace. */
const unspaced: readonly string[] = ['namespace', 'namespaces', 'external', 'group'];

const wordLabels = {
  anyone: 'anyone',
  anyAuthenticated: 'anyone with a mesh identity',
  unauthenticated: 'anyone without a mesh identity',
} as const;

function callerLabel(reference: CallerReference, namespace: string | undefined): string {
  if (!('reference' in reference)) {
    if (reference.kind === 'ipBlocks') return reference.blocks.map(({ value }) => value).join(', ');
    return wordLabels[reference.kind];
  }
  const isNamespaced = !unspaced.includes(reference.kind) && !reference.reference.includes('/');
  const name = isNamespaced ? keyOf({ namespace: namespace ?? '', name: reference.reference }) : reference.reference;
  return `${reference.kind === 'serviceAccount' ? 'service account' : reference.kind} \`${name}\``;
}
