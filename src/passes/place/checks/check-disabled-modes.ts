import { turningOffMutualTls } from '../../../dataplanes/peer-modes.js';
import { diagnostic } from '../../../diagnostics/create.js';
import type { MtlsMode } from '../../../parse/ast.js';
import type { BoundScope, Setting } from '../../../resolve/resolved.js';
import { namespaceOf, scopeLabel } from '../../../resolve/scopes.js';
import { keyOf, type Workload } from '../../../topology/model.js';
import type { PlaceContext } from '../context.js';

/** Mutual TLS can be turned off only where every pod has a proxy that can be told to. */
export function checkDisabledModes(context: PlaceContext): void {
  const { mtls, destinations, topology } = context.ir;
  const settings = new Set([...mtls, ...destinations.flatMap((each) => each.mtls ?? [])]);
  const workloads = topology.clusters.flatMap((cluster) => [...cluster.workloads.values()]);
  for (const setting of settings) {
    if (setting.value !== 'Disabled') continue;
    if (setting.scope.kind === 'mesh') reportMesh(context, setting);
    for (const each of workloads) if (concerns(setting.scope, each)) checkWorkload(context, setting, each);
    for (const nearer of settings) checkNearer(context, setting, nearer);
  }
}

function reportMesh(context: PlaceContext, { origin }: Setting<MtlsMode>): void {
  const { because, fact } = turningOffMutualTls.ambient;
  const notes = [{ message: `${because} (${fact})` }];
  context.report(diagnostic('disabled-for-mesh', {}, origin.span, { notes }));
}

/** A scope speaks of the pods behind it, whichever other Services they have. */
function concerns(scope: BoundScope, { namespace, name, services }: Workload): boolean {
  if (namespaceOf(scope) !== namespace) return false;
  if (scope.kind === 'service') return services.includes(keyOf(scope));
  return scope.kind !== 'workload' || scope.name === name;
}

function checkWorkload(context: PlaceContext, { scope, origin }: Setting<MtlsMode>, { mode, ...pod }: Workload): void {
  const { enforced, because, fact, stillCome } = turningOffMutualTls[mode.plane];
  if (enforced) return;
  const workload = keyOf(pod);
  const notes = [
    { message: `${because} (${fact})` },
    { message: `\`${workload}\`: ${mode.because} (istio-traffic-topology ${mode.fact})` },
  ];
  const details = stillCome === undefined ? { notes } : { notes, witness: stillCome };
  const parameters = { scope: scopeLabel(scope), workload };
  context.report(diagnostic('disabled-without-sidecar', parameters, origin.span, details));
}

/** Sidecars infer the mode of the whole namespace, and call in plaintext whoever sets another for itself (istio-security §5.1). */
function checkNearer(context: PlaceContext, wide: Setting<MtlsMode>, nearer: Setting<MtlsMode>): void {
  if (wide.scope.kind !== 'namespace' || nearer.value === 'Disabled') return;
  if (nearer.scope.kind === 'mesh' || nearer.scope.kind === 'namespace') return;
  if (nearer.scope.namespace !== wide.scope.namespace) return;
  const scope = scopeLabel(nearer.scope);
  const witness = `a sidecar calls ${scope} in plaintext, because its namespace is of mode DISABLE`;
  const notes = [{ message: 'the mode of the namespace', span: wide.origin.span }];
  const parameters = { scope, mode: nearer.value, namespace: wide.scope.namespace };
  context.report(diagnostic('disabled-and-nearer-mode', parameters, nearer.origin.span, { witness, notes }));
}
