import { keyOf } from '../../topology/model.js';
import type { ChangedObject } from './changed-objects.js';

/** What a change of the output does to the mesh beyond its object: what a reviewer must not miss. */
export interface Effect {
  readonly kind: EffectKind;
  readonly cluster: string;
  /** Whom it is about: a waypoint, an enrolled object, the scope of a default. */
  readonly subject: string;
  /** The waypoint that traffic goes through, where it is about that. */
  readonly waypoint: string | undefined;
}

export type EffectKind =
  | 'waypoint-added'
  | 'waypoint-removed'
  | 'enrolled'
  | 'moved'
  | 'withdrawn'
  | 'denies-by-default'
  | 'denies-no-longer';

/** Everything in a change that adds or removes a waypoint, sends traffic another way, or turns a default. */
export function effectsOf(changes: readonly ChangedObject[], rootNamespace: string): readonly Effect[] {
  return changes.flatMap((change) => [
    ...waypointEffects(change),
    ...enrolmentEffects(change),
    ...defaultEffects(change, rootNamespace),
  ]);
}

function waypointEffects(change: ChangedObject): readonly Effect[] {
  const [was, is] = [isWaypoint(change.before), isWaypoint(change.after)];
  if (was === is) return [];
  return [effect(is ? 'waypoint-added' : 'waypoint-removed', change, subjectOf(change))];
}

function isWaypoint(object: unknown): boolean {
  const { kind, spec } = Object(object);
  return kind === 'Gateway' && /^istio-(?:[\w-]+-)?waypoint$/.test(String(Object(spec).gatewayClassName));
}

function enrolmentEffects(change: ChangedObject): readonly Effect[] {
  if (change.phase !== '30-enrolment') return [];
  const [was, is] = [waypointNamed(change.before), waypointNamed(change.after)];
  if (was === is) return [];
  const subject = `${change.kind} ${subjectOf(change)}`;
  if (is === undefined) return [effect('withdrawn', change, subject, was)];
  return [effect(was === undefined ? 'enrolled' : 'moved', change, subject, is)];
}

function waypointNamed(object: unknown): string | undefined {
  const { namespace, labels } = Object(Object(object).metadata);
  const name: unknown = Object(labels)['istio.io/use-waypoint'];
  if (typeof name !== 'string') return undefined;
  return keyOf({ namespace: String(Object(labels)['istio.io/use-waypoint-namespace'] ?? namespace), name });
}

function defaultEffects(change: ChangedObject, rootNamespace: string): readonly Effect[] {
  const [was, is] = [change.before, change.after].map((object) => scopeOfDenial(object, rootNamespace));
  if (was === is) return [];
  return [
    ...(was === undefined ? [] : [effect('denies-no-longer', change, was)]),
    ...(is === undefined ? [] : [effect('denies-by-default', change, is)]),
  ];
}

/** An ALLOW policy without rules allows nothing: whatever no other policy allows is denied (istio-security §1.2). */
function scopeOfDenial(object: unknown, rootNamespace: string): string | undefined {
  const { kind, metadata, spec } = Object(object);
  const { action = 'ALLOW', rules, selector, targetRefs } = Object(spec);
  if (kind !== 'AuthorizationPolicy' || action !== 'ALLOW' || rules !== undefined) return undefined;
  if (Object(Object(metadata).annotations)['istio.io/dry-run'] === 'true') return undefined;
  const namespace = String(Object(metadata).namespace);
  const labels = Object.entries(Object(Object(selector).matchLabels)).map(([key, value]) => `${key}=${value}`);
  if (Array.isArray(targetRefs)) {
    return targetRefs.map((reference) => `${Object(reference).kind} ${namespace}/${Object(reference).name}`).join(', ');
  }
  const place = namespace === rootNamespace ? 'the whole mesh' : `namespace ${namespace}`;
  return labels.length === 0 ? place : `pods with ${labels.join(', ')} in ${place}`;
}

function effect(kind: EffectKind, { cluster }: ChangedObject, subject: string, waypoint?: string): Effect {
  return { kind, cluster, subject, waypoint };
}

function subjectOf({ namespace, name }: ChangedObject): string {
  return namespace === undefined ? name : keyOf({ namespace, name });
}
