import { diagnostic } from '../../../diagnostics/create.js';
import type { DestinationPolicy } from '../../../ir/policy-ir.js';
import { spanIn } from '../../../parse/document.js';
import type { Origin } from '../../../resolve/resolved.js';
import { isToBeWritten } from '../../../resolve/traffic/outside/outside-hosts.js';
import { isHostOfEntry } from '../../../topology/entry-host.js';
import { keyOf, type Service } from '../../../topology/model.js';
import { mayCall } from '../../reach.js';
import type { PlaceContext } from '../context.js';

/** Says whose ServiceEntry makes a host known, and what else one does at sidecars. */
export function checkEntry(context: PlaceContext, policy: DestinationPolicy): void {
  const { destination, traffic } = policy;
  const { service } = destination;
  if (service === undefined || traffic === undefined || !isHostOfEntry(service)) return;
  if (isToBeWritten(destination, context.ir.topology)) checkBytes(context, policy, service, traffic.origin);
  else reportUsed(context, service, traffic.origin);
}

function reportUsed(context: PlaceContext, { object, namespace, host }: Service, { span }: Origin): void {
  const parameters = { entry: keyOf({ namespace, name: object.name }), host };
  const notes = [{ message: 'the ServiceEntry', span: spanIn(object, ['metadata', 'name']) }];
  context.report(diagnostic('service-entry-used', parameters, span, { notes }));
}

/** Of bytes a sidecar sees an address and a port, and where DNS is not its own it knows no address of the host (F-43). */
function checkBytes(context: PlaceContext, policy: DestinationPolicy, service: Service, { span }: Origin): void {
  const { addresses } = Object(service.object.value.spec);
  const port = service.ports.find(({ protocol }) => protocol === 'tcp');
  const cluster = context.clusterOf(policy);
  const sidecar = context.sources.find((source) => source.plane === 'sidecar' && mayCall(source, policy, cluster));
  if (port === undefined || sidecar === undefined || addresses !== undefined) return;
  const parameters = { host: service.host, port: port.number, caller: sidecar.name };
  const notes = [{ message: 'a sidecar listens for such a port on every address (istio-traffic-topology F-43)' }];
  context.report(diagnostic('bytes-to-any-host', parameters, span, { notes }));
}
