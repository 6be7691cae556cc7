import type { PathNormalization } from '../../../parse/mesh.js';
import { exactly } from '../../policies/matcher.js';
import type { HttpView } from '../../view.js';
import { type AppliedChanges, changed } from './changes.js';
import { pathOf } from './matching.js';

/** What an enforcement point sees of a request once a route has changed it. */
export function changedView(view: HttpView, applied: AppliedChanges, normalization: PathNormalization): HttpView {
  const { method, path, host, headers, pathDoubt } = view;
  const request = { kind: 'http', method, path, host, headers } as const;
  const after = changed({ request, normalization, pathDoubt, headerDoubts: new Map() }, applied);
  return {
    ...view,
    path: pathOf(after),
    host: after.request.host,
    headers: after.request.headers,
    pathDoubt: after.pathDoubt,
    headerDoubts: [
      ...view.headerDoubts,
      ...[...after.headerDoubts].map(([name, why]) => ({ name: exactly(name), why })),
    ],
  };
}
