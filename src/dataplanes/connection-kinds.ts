import type { IstioSettings } from '../parse/mesh.js';
import { hasSince } from './releases.js';

const group = 'gateway.networking.k8s.io';

/** The version of each kind of routes of connections that istiod reads (istio-traffic-topology T-50, T-52). */
export const connectionKinds = {
  TCPRoute: ({ version }: Pick<IstioSettings, 'version'>) =>
    `${group}/${hasSince(version, '1.31') ? 'v1' : 'v1alpha2'}`,
  TLSRoute: ({ version }: Pick<IstioSettings, 'version'>) =>
    `${group}/${hasSince(version, '1.30') ? 'v1' : 'v1alpha2'}`,
};
