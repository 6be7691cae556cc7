import { exactly } from '../../policies/matcher.js';
import type { HttpView } from '../../view.js';
import { type AppliedChanges, changed } from './changes.js';
import { pathOf } from './matching.js';

/** What an enforcement point sees of a request once a route has changed it. */
export function changedView(view: HttpView, applied: AppliedChanges): HttpView {
  const { method, path, host, headers, pathDoubt } = view;
  const sent = { request: { kind: 'http', method, path, host, headers }, pathDoubt, headerDoubts: new Map() } as const;
  const { request, headerDoubts, pathDoubt: doubt } = changed(sent, applied);
  return {
    ...view,
    path: pathOf(request),
    host: request.host,
    headers: request.headers,
    pathDoubt: doubt,
    headerDoubts: [...view.headerDoubts, ...[...headerDoubts].map(([name, why]) => ({ name: exactly(name), why }))],
  };
}
