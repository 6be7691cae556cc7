import { diagnostic } from '../diagnostics/create.js';
import type { AuditRule, SecuritySettings, TargetReference } from '../parse/ast.js';
import { keyOf, type Workload } from '../topology/model.js';
import { resolveCallers } from './callers.js';
import type { BindContext } from './context.js';
import type { BoundScope, Destination, ResolvedRule } from './resolved.js';
import type { ResolvedTelemetry } from './resolved-telemetry.js';
import { namespaceOf } from './scopes.js';
import { isShadow } from './stages.js';
import { resolveTargets } from './targets.js';

/** Reports audits where nothing would mark what they mean. */
export function checkAudits({ report }: BindContext, settings: SecuritySettings): void {
  const [first] = settings.authorization?.audit ?? [];
  if (first === undefined) return;
  if (settings.scope.kind === 'gateway') report(diagnostic('audit-at-gateway', {}, first.name.span));
  if (isShadow(settings)) report(diagnostic('audit-not-watched', { settings: settings.name.value }, first.name.span));
}

/** It falls on whoever shows one of the identities and on every port of a number, as a denial does. */
export function resolveAudit(
  context: BindContext,
  settings: string,
  scope: BoundScope,
  { name, from, to, reason, owner, ticket }: AuditRule,
): ResolvedRule {
  const everything: TargetReference = {
    destination: undefined,
    port: undefined,
    conditions: [],
    except: [],
    span: name.span,
  };
  return {
    origin: { id: `${settings}/${name.value}`, span: name.span, reason, owner, ticket },
    scope,
    mandate: undefined,
    effect: 'Deny',
    authorizer: undefined,
    callers: resolveCallers(context, from, namespaceOf(scope), name.span),
    targets: resolveTargets(context, to ?? [everything], scope, name.span, true),
    issuers: [],
    accept: [],
  };
}

/** A mark is read by nobody but access logs of `Audited` requests, of the nearest scope that speaks of access logs. */
export function checkRecorded(
  { report }: BindContext,
  audits: readonly ResolvedRule[],
  telemetry: readonly ResolvedTelemetry[],
): void {
  for (const { origin, targets } of audits) {
    const destinations = [...new Set(targets.map(({ destination }) => destination))];
    const lacking = destinations.find((destination) => !isRecorded(destination, telemetry));
    if (lacking === undefined) continue;
    const parameters = { rule: origin.id, destination: `\`${keyOf(lacking)}\`` };
    report(diagnostic('audit-unread', parameters, origin.span));
  }
}

function isRecorded(destination: Destination, telemetry: readonly ResolvedTelemetry[]): boolean {
  const speaking = telemetry.filter(({ telemetry: { accessLogs } }) => accessLogs !== undefined);
  const ofService = speaking.filter((each) => each.destinations.some(({ id }) => id === destination.id));
  return destination.workloads.every((workload) => {
    const levels = [
      ofWorkload(speaking, workload).concat(workload.mode.plane === 'ambient' ? ofService : []),
      speaking.filter(({ scope }) => scope.kind === 'namespace' && scope.namespace === workload.namespace),
      speaking.filter(({ scope }) => scope.kind === 'mesh'),
    ];
    const nearest = levels.find((level) => level.length > 0) ?? [];
    return nearest.length > 0 && nearest.every(readsMarks);
  });
}

/** A sidecar records what is said of its workload, or of one of its Services. */
function ofWorkload(telemetry: readonly ResolvedTelemetry[], workload: Workload): ResolvedTelemetry[] {
  if (workload.mode.plane !== 'sidecar') return [];
  const isOwn = (each: Workload) => each.cluster === workload.cluster && keyOf(each) === keyOf(workload);
  return telemetry.filter(({ destinations }) => destinations.some(({ workloads }) => workloads.some(isOwn)));
}

function readsMarks({ telemetry: { accessLogs } }: ResolvedTelemetry): boolean {
  return accessLogs?.kind === 'enabled' && accessLogs.requests === 'Audited';
}
