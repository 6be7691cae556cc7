import type { Reason } from '../reason.js';
import type { ListenerPort, TrafficNames } from './lifting.js';

/** The listeners of a Gateway, `namespace/name`; routes say nothing at one of which it is not known where it listens. */
export function listenersAt(gateway: string, names: TrafficNames): readonly ListenerPort[] | Reason {
  const because = `no pods that serve Gateway \`${gateway}\` are among the manifests`;
  return (
    names.listeners(gateway) ?? { because, help: 'give the manifests of the Gateway and of the pods that serve it' }
  );
}
