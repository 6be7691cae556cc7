import { describe, expect, test } from 'vitest';
import type { IstioSettings } from '../../src/parse/mesh.js';
import { type Addressing, type CallerPath, type CallerPlane, pathsTo } from '../../src/topology/paths.js';
import {
  ambient,
  documents,
  type GatewayOptions,
  injected,
  namespace,
  type ServiceOptions,
  service,
  useWaypoint,
  waypoint,
  workload,
} from './support/builders.js';
import { present, theCluster, topologyOf } from './support/topology.js';

interface Setting {
  readonly namespace?: Readonly<Record<string, string>>;
  readonly service?: ServiceOptions;
  readonly waypoint?: GatewayOptions;
  readonly pods?: readonly string[];
  readonly istio?: Partial<IstioSettings>;
}

function paths(setting: Setting): readonly CallerPath[] {
  const { pods = [workload('web')], istio = {} } = setting;
  const text = documents(
    namespace('shop', setting.namespace),
    service('web', setting.service),
    waypoint('waypoint', setting.waypoint),
    ...pods,
  );
  const { value } = topologyOf(text, istio);
  const cluster = theCluster(value);
  return pathsTo(cluster, present(cluster.services.get('shop/web')));
}

function arrival(setting: Setting, caller: CallerPlane, addressing: Addressing): string {
  const path = present(paths(setting).find((path) => path.caller === caller && path.addressing === addressing));
  return `${path.arrival} (${path.fact})`;
}

const plain: Setting = { namespace: ambient };
const bound: Setting = { namespace: { ...ambient, ...useWaypoint } };
const boundForAll: Setting = { ...bound, waypoint: { labels: { 'istio.io/waypoint-for': 'all' } } };
const forWorkloads: Setting = { ...bound, waypoint: { labels: { 'istio.io/waypoint-for': 'workload' } } };
const headless: Setting = { ...boundForAll, service: { spec: { clusterIP: 'None' } } };
const headlessSidecars: Setting = { namespace: injected, service: { spec: { clusterIP: 'None' } } };
const opted: Setting = { ...bound, service: { labels: { 'istio.io/ingress-use-waypoint': 'true' } } };
const optedUnbound: Setting = { ...plain, service: { labels: { 'istio.io/ingress-use-waypoint': 'true' } } };
const switchedOff: Setting = { ...opted, istio: { flags: { ENABLE_INGRESS_WAYPOINT_ROUTING: false } } };
const sidecars: Setting = { namespace: injected };
const hboneSidecars: Setting = { namespace: injected, istio: { sidecarsListenHbone: true } };
const sidecarsBound: Setting = { namespace: { ...injected, ...useWaypoint }, istio: { sidecarsListenHbone: true } };
const unasked = { enableAutoMtls: false };
const unaskedSidecars: Setting = { ...sidecars, istio: unasked };
const unaskedHeadless: Setting = { ...headlessSidecars, istio: unasked };
const unaskedHbone: Setting = { ...sidecars, istio: { ...unasked, sidecarsListenHbone: true } };
const outside: Setting = {};

describe('paths (istio-security §4.5, istio-traffic-topology §4.2)', () => {
  test.each<[law: string, setting: Setting, caller: CallerPlane, addressing: Addressing, expected: string]>([
    ['sidecar without auto mTLS', unaskedSidecars, 'sidecar', 'service', 'direct plaintext (istio-security §5.6)'],
    ['gateway without auto mTLS', unaskedSidecars, 'gateway', 'service', 'direct plaintext (istio-security §5.6)'],
    ['headless without auto mTLS', unaskedHeadless, 'sidecar', 'service', 'direct plaintext (istio-security §5.6)'],
    ['HBONE without auto mTLS', unaskedHbone, 'sidecar', 'service', 'direct with identity (I-02)'],
    ['ambient to a bound Service', bound, 'ambient', 'service', 'waypoint (W-13)'],
    ['ambient to a pod IP of it', bound, 'ambient', 'pod-ip', 'direct with identity (E-08)'],
    ['ambient to a pod IP, waypoint for all', boundForAll, 'ambient', 'pod-ip', 'waypoint (W-13)'],
    ['ambient to a Service, waypoint for workloads', forWorkloads, 'ambient', 'service', 'direct with identity (E-08)'],
    ['ambient to a pod IP, waypoint for workloads', forWorkloads, 'ambient', 'pod-ip', 'waypoint (W-13)'],
    [
      'a sidecar to a headless Service of ambient pods',
      headless,
      'sidecar',
      'service',
      'direct plaintext (istio#54921)',
    ],
    ['a gateway to it', headless, 'gateway', 'service', 'direct with identity (W-60)'],
    [
      'a sidecar to a headless Service of sidecars',
      headlessSidecars,
      'sidecar',
      'service',
      'direct with identity (I-02)',
    ],
    [
      'one pod of which has none',
      {
        ...headlessSidecars,
        pods: [workload('web'), workload('old', { labels: { app: 'web', 'sidecar.istio.io/inject': 'false' } })],
      },
      'sidecar',
      'service',
      'direct plaintext (istio#54921)',
    ],
    ['ambient to a headless Service, waypoint for all', headless, 'ambient', 'service', 'waypoint (W-15)'],
    ['ambient without waypoint', plain, 'ambient', 'service', 'direct with identity (E-08)'],
    ['ambient to a sidecar without HBONE', sidecars, 'ambient', 'service', 'direct plaintext (I-03)'],
    ['ambient to a sidecar with HBONE', hboneSidecars, 'ambient', 'service', 'direct with identity (E-08)'],
    ['ambient to a sidecar behind a waypoint', sidecarsBound, 'ambient', 'service', 'waypoint (W-13)'],
    ['ambient to pods outside the mesh', outside, 'ambient', 'service', 'direct plaintext (istio-security §5.5)'],
    ['sidecar never uses the waypoint', bound, 'sidecar', 'service', 'direct with identity (I-02)'],
    ['sidecar to a bare address', bound, 'sidecar', 'pod-ip', 'direct plaintext (istio#37431)'],
    ['sidecar to sidecar', sidecars, 'sidecar', 'service', 'direct with identity (I-02)'],
    ['sidecar to pods outside the mesh', outside, 'sidecar', 'service', 'direct plaintext (I-02)'],
    ['ingress without opt-in', bound, 'gateway', 'service', 'direct with identity (W-60)'],
    ['ingress with opt-in', opted, 'gateway', 'service', 'waypoint (W-60)'],
    ['ingress with opt-in but no waypoint', optedUnbound, 'gateway', 'service', 'direct with identity (W-60)'],
    ['ingress with the flag off (W-62)', switchedOff, 'gateway', 'service', 'direct with identity (W-60)'],
    ['ingress never addresses pod IPs', opted, 'gateway', 'pod-ip', 'no path (W-63)'],
    ['ingress to pods outside the mesh', outside, 'gateway', 'service', 'direct plaintext (I-02)'],
    ['outsiders never traverse a waypoint', bound, 'outside', 'service', 'direct plaintext (I-06)'],
    ['outsiders reach pod IPs', boundForAll, 'outside', 'pod-ip', 'direct plaintext (I-06)'],
  ])('%s', (_, setting, caller, addressing, expected) => {
    expect(arrival(setting, caller, addressing)).toBe(expected);
  });

  test.each(['missing', 'not ready'])('a waypoint that is %s is skipped by everyone (W-31)', (state) => {
    const options: GatewayOptions = state === 'missing' ? { namespace: 'other' } : { status: { conditions: [] } };
    expect(paths({ ...bound, waypoint: options }).some(({ arrival }) => arrival === 'waypoint')).toBe(false);
  });

  test('pods that receive differently have paths of their own', () => {
    const pods = [workload('web'), workload('old', { labels: { app: 'web', 'istio.io/dataplane-mode': 'none' } })];
    const fromAmbient = paths({ ...plain, pods }).filter(
      ({ caller, addressing }) => caller === 'ambient' && addressing === 'service',
    );
    expect(fromAmbient.map(({ workloads, arrival }) => [workloads, arrival])).toEqual([
      [['shop/old'], 'direct plaintext'],
      [['shop/web'], 'direct with identity'],
    ]);
  });

  test('nobody arrives at an ExternalName (W-18)', () => {
    const found = paths({ ...plain, service: { spec: { type: 'ExternalName' } } });
    expect(new Set(found.map(({ arrival, fact }) => `${arrival} (${fact})`))).toEqual(new Set(['no path (W-18)']));
  });
});
