import { diagnostic } from '../../../diagnostics/create.js';
import type { Located } from '../../../diagnostics/diagnostic.js';
import type { EndpointSettings } from '../../../parse/traffic/endpoints.js';
import type { TrafficSettings } from '../../../parse/traffic/settings.js';
import type { ResolveContext } from '../../context.js';

/** Reports what is said of pods for a gateway, which has none behind it but those of the Services that it leads to. */
export function refuseEndpoints(context: ResolveContext, { endpoints, ports }: TrafficSettings): void {
  const fields = [
    ...fieldsOf(endpoints),
    ...ports.slice(0, 1).map(({ port }) => ({ value: 'ports', span: port.span })),
  ];
  for (const { value, span } of fields) context.report(diagnostic('endpoints-of-gateway', { field: value }, span));
}

function fieldsOf({ affinity, locality, tls, ...groups }: EndpointSettings): Located<string>[] {
  const single = Object.entries({ affinity, locality, tls }).flatMap(([value, said]) =>
    said ? [{ value, span: said.span }] : [],
  );
  const grouped = Object.entries(groups).flatMap(([value, group]) =>
    Object.values(group as Readonly<Record<string, Located<unknown>>>)
      .slice(0, 1)
      .map(({ span }) => ({ value, span })),
  );
  return [...single, ...grouped];
}
