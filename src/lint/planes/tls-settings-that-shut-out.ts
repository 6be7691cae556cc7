import type { Way } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { MeshCluster } from '../../mesh/mesh.js';
import { obeyedSetting, type TlsSetting, tlsOfPort } from '../../mesh/paths/tls-settings.js';
import { usualHost } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { keyOf } from '../../topology/model.js';
import { groupBy } from '../../util/order.js';
import { firstOf, type LintContext, nameOf } from '../context.js';
import { type Evidence, evidenceOf, proofOf } from '../evidence.js';
import type { PodSite } from '../sites.js';
import { unrecognised } from './unrecognised.js';

/** A DestinationRule with which sidecars do not arrive as themselves: in plaintext, or not at all (§4.5, istio#53526). */
export function tlsSettingsThatShutOut(context: LintContext): readonly Diagnostic[] {
  return [...context.mesh.clusters.values()].flatMap((at) =>
    [...groupBy(reachedIn(context, at), ({ setting }) => setting)].flatMap(([setting, reached]) => {
      const found = firstOf(reached, ({ site }) => {
        const mode = site.behind && modeOf(setting, site.behind.port.number);
        if (mode === undefined) return undefined;
        const obeying = site.plan.ways.filter((way) => obeys(way, setting, site));
        const evidence = neverArriving(context, site, obeying) ?? unrecognised(context, site, obeying);
        return evidence && { evidence, workload: site.workload, mode };
      });
      return found === undefined ? [] : finding(at, setting, found);
    }),
  );
}

/** A rule, and a port of a Service that it is for. */
interface Reached {
  readonly setting: TlsSetting;
  readonly site: PodSite;
}

function reachedIn({ sitesBehind }: LintContext, at: MeshCluster): readonly Reached[] {
  return [...sitesBehind].flatMap(([{ host }, sites]) => {
    const addressed = sites.filter((site) => site.at === at && site.plan.lane.destination.kind === 'service');
    const settings = at.tlsSettings.get(host) ?? [];
    return settings.flatMap((setting) => addressed.map((site) => ({ setting, site })));
  });
}

/** Of several rules for a host a caller obeys the one that is found first from its namespace (T-07). */
function obeys({ representative }: Way, setting: TlsSetting, { at, behind }: PodSite): boolean {
  if (behind === undefined) return false;
  const { service, port } = behind;
  const lookup = { client: representative.caller.namespace, service, rootNamespace: at.rootNamespace };
  return obeyedSetting(at.tlsSettings.get(service.host) ?? [], lookup, port.number) === setting;
}

/** What a rule says of TLS to one port, to the proxy of the client or of the endpoints. */
function modeOf(setting: TlsSetting, port: number): string | undefined {
  const { tls, endpoints } = tlsOfPort(setting, port);
  return tls?.mode ?? endpoints;
}

/** A rule that forces the mutual TLS of sidecars leaves no way to who does not speak it: ztunnel, and pods outside the mesh. */
function neverArriving({ mesh }: LintContext, { plan }: PodSite, ways: readonly Way[]): Evidence | undefined {
  const shutOut = ways.filter(({ stop, representative }) => {
    return stop?.kind === 'no-path' && representative.caller.speaks === 'sidecar';
  });
  const { destination } = plan.lane;
  const payload =
    plan.lane.payload === 'tcp'
      ? ({ kind: 'tcp' } as const)
      : ({ kind: 'http', method: 'GET', path: '/', host: usualHost(destination), headers: {} } as const);
  return firstOf(shutOut, ({ representative: { source } }) =>
    evidenceOf(mesh, { source, destination, payload }, 'denied'),
  );
}

function finding(
  at: MeshCluster,
  setting: TlsSetting,
  {
    evidence,
    workload,
    mode,
  }: { readonly evidence: Evidence; readonly workload: PodSite['workload']; readonly mode: string },
): readonly Diagnostic[] {
  const rule = at.cluster.routes.find(
    ({ kind, namespace = 'default', name }) =>
      kind === 'DestinationRule' && namespace === setting.namespace && name === setting.name,
  );
  if (rule === undefined) return [];
  const parameters = { rule: nameOf(setting), mode, workload: keyOf(workload) };
  const law = 'sidecars find out by themselves what a pod speaks, unless a rule says otherwise (istio-security §4.5)';
  const span = spanIn(rule, ['spec', 'trafficPolicy', 'tls', 'mode']);
  return [diagnostic('tls-setting-shuts-out', parameters, span, proofOf(evidence, law))];
}
