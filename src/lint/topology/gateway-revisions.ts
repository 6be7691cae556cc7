import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type ManifestObject, spanIn } from '../../parse/document.js';
import { alreadyReported } from '../../topology/fields.js';
import { label } from '../../topology/labels.js';
import { keyOf } from '../../topology/model.js';
import { isServed } from '../../topology/revisions.js';
import type { LintContext } from './lint.js';
import { ownLabels } from './subjects.js';

/** Gateways and waypoints that ask for a revision which nothing shows to exist: nobody deploys them (E-30). */
export function gatewaysOfUnknownRevisions({ cluster }: LintContext): readonly Diagnostic[] {
  const waypoints = [...cluster.waypoints.values()].filter(({ unserved }) => unserved !== undefined);
  const gateways = [...cluster.gateways.values()].filter(({ kind }) => kind === 'gateway-api');
  return [...waypoints, ...gateways].flatMap((gateway) => {
    const { object } = gateway;
    const revision = isServed(object, cluster.namespaces, cluster.revisions, alreadyReported);
    if (revision === true) return [];
    const parameters = { gateway: keyOf(gateway), revision };
    return diagnostic('gateway-of-unknown-revision', parameters, spanOf(object), { notes: [{ message: law }] });
  });
}

const law =
  'istiod leaves Gateways of other revisions alone, by their own label or their namespace’s: no pods, no address, and traffic goes past them (E-30, W-31)';

function spanOf(object: ManifestObject) {
  const isOwn = ownLabels(object, 'labels')[label.revision] !== undefined;
  return spanIn(object, isOwn ? ['metadata', 'labels', label.revision] : ['metadata', 'name']);
}
