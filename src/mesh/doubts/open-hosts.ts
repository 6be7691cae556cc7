import type { ManifestObject } from '../../parse/document.js';
import type { Cluster } from '../../topology/model.js';
import { connectionDestinations, requestDestinations } from '../routes/destinations.js';
import type { Route } from '../routes/route.js';
import { otherRevision } from './revision.js';

/** A host of which an object of another revision speaks. */
export interface OpenHost {
  /** In lower case; `*.suffix` and `*` are many. */
  readonly host: string;
  readonly object: ManifestObject;
  readonly revision: string;
}

/** Hosts of routes that may or may not count, those that they lead to, and hosts of such ServiceEntries. */
export function readOpenHosts(
  { serviceEntries, settings }: Pick<Cluster, 'serviceEntries' | 'settings'>,
  routes: readonly Route[],
): readonly OpenHost[] {
  const own = settings.istio.revision;
  const ofRoutes = routes
    .filter(({ attachments }) => attachments.some(({ kind }) => kind === 'mesh'))
    .flatMap((route) => {
      const { objects, hosts } = route;
      const destinations = [...requestDestinations(route), ...connectionDestinations(route)];
      const all = new Set([...hosts, ...destinations.map(({ host }) => host)]);
      return objects.flatMap((object) => [...all].map((host) => ({ host, object })));
    });
  const ofEntries = [...serviceEntries.values()].flatMap(({ hosts, object }) =>
    hosts.map((host) => ({ host, object })),
  );
  return [...ofRoutes, ...ofEntries].flatMap(({ host, object }) => {
    const revision = otherRevision(object, own);
    return revision === undefined ? [] : [{ host: host.toLowerCase(), object, revision }];
  });
}

/** Whether an open host covers a host. */
export function isOpenFor({ host }: OpenHost, name: string): boolean {
  return host === name || (host.startsWith('*') && name.endsWith(host.slice(1)));
}

/** Why it is not known what is done with requests to a host, where that is so. */
export function doubtAboutHost(openHosts: readonly OpenHost[], name: string): string | undefined {
  const open = openHosts.find((each) => isOpenFor(each, name));
  if (open === undefined) return undefined;
  const { kind, namespace = 'default', name: own } = open.object;
  return `whether ${kind} ${namespace}/${own} of revision \`${open.revision}\` counts (E-30)`;
}
