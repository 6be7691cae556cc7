import { diagnostic } from '../../../diagnostics/create.js';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { readPolicy } from '../../../lint/topology/network-policy-rules.js';
import { isManaged, type ManifestObject, type Path, spanIn } from '../../../parse/document.js';
import { alreadyReported, itemsAt, mappingAt, namespaceOf, portAt, textAt } from '../../../topology/fields.js';
import { matchesSelector } from '../../../topology/label-selector.js';
import { hbonePort } from '../../../topology/labels.js';
import { type Blocker, named } from '../context.js';
import { registryOnlyAs, sidecarResources } from '../installation.js';
import { captureAnnotations } from '../pods.js';
import { envoyFilters, mutualTlsOffAs, proxySettings } from '../policies.js';
import { clientRoutes, matchesByClient, rulesForSomeClients } from '../routes.js';

export const mutualTlsOffAtSidecars: Blocker = mutualTlsOffAs('migrate-back-mtls-disabled');

export const registryOnlyAtSidecars: Blocker = registryOnlyAs('migrate-back-registry-only');

/** A sidecar calls another on the port of the application, and only ambient callers on that of the mesh. */
export const networkPoliciesForHboneAlone: Blocker = ({ cluster, moving }) => {
  const readings = cluster.networkPolicies.flatMap((object) =>
    isManaged(object) ? [] : readPolicy(object, 'ingress', alreadyReported),
  );
  const shut = moving.flatMap((workload) => {
    const own = readings.filter(
      ({ object, selector }) =>
        namespaceOf(object) === workload.namespace && matchesSelector(selector, workload.labels),
    );
    const ports = own.flatMap(({ object, rules }) => rules.map((rule) => portsOf(object, rule.path)));
    const isShut =
      ports.some((some) => some?.includes(hbonePort) === true) && ports.every((some) => some?.every(isOfMesh) === true);
    return isShut ? own.slice(0, 1).map(({ object }) => ({ object, workload })) : [];
  });
  const objects = [...new Set(shut.map(({ object }) => object))];
  return objects.map((object) => {
    const workloads = shut.filter((each) => each.object === object).map(({ workload }) => workload);
    const parameters = { policy: `${namespaceOf(object)}/${object.name}`, subject: named(workloads) };
    return diagnostic('migrate-back-network-policy', parameters, spanIn(object, ['spec', 'ingress']));
  });
};

/** The TCP ports of a rule by their numbers; `undefined` for all, and where it names them or ranges of them. */
function portsOf(object: ManifestObject, rule: Path): readonly number[] | undefined {
  const paths = itemsAt(object, [...rule, 'ports'], alreadyReported).filter(
    (path) => (textAt(object, [...path, 'protocol'], alreadyReported) ?? 'TCP') === 'TCP',
  );
  const ports = paths.map((path) =>
    mappingAt(object, path, alreadyReported)?.endPort === undefined
      ? portAt(object, [...path, 'port'], alreadyReported)
      : undefined,
  );
  const numbers = ports.filter((port) => typeof port === 'number');
  const isAll = itemsAt(object, [...rule, 'ports'], alreadyReported).length === 0;
  return isAll || numbers.length < ports.length ? undefined : numbers;
}

/** Those that are not of an application: HBONE, and what proxies answer to probes and scrapers. */
function isOfMesh(port: number): boolean {
  return port === hbonePort || port === 15020 || port === 15021 || port === 15090 || port === nameServicePort;
}

const nameServicePort = 53;

/** What only proxies in pods read; what Ambit wrote itself it writes anew. */
export const holdingAgain: Blocker = (context) =>
  asleep
    .flatMap((blocker) => blocker(context))
    .flatMap(({ parameters, span }): readonly Diagnostic[] => {
      const { object, annotation = '', workload = '' } = parameters;
      const what = object ?? `annotation \`${annotation}\` of \`${workload}\``;
      return [diagnostic('migrate-back-holds-again', { what }, span)];
    });

const asleep: readonly Blocker[] = [
  envoyFilters,
  proxySettings,
  matchesByClient,
  clientRoutes,
  rulesForSomeClients,
  sidecarResources,
  captureAnnotations,
];
