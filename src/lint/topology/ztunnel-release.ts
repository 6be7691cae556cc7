import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { type Path, spanIn } from '../../parse/document.js';
import { alreadyReported, itemsAt, textAt } from '../../topology/fields.js';
import { keyOf, type Workload } from '../../topology/model.js';
import { releaseOfImage } from '../../topology/release.js';
import type { LintContext } from './lint.js';

const containers: Path = ['spec', 'template', 'spec', 'containers'];

/** A ztunnel of another release than istiod: what it enforces is judged by the rules of istiod's. */
export function ztunnelsOfOtherReleases({ cluster }: LintContext): readonly Diagnostic[] {
  const { version } = cluster.settings.istio;
  return [...cluster.workloads.values()].filter(isZtunnel).flatMap((workload) => {
    const { object } = workload;
    return itemsAt(object, containers, alreadyReported).flatMap((container) => {
      const path = [...container, 'image'];
      const release = releaseOfImage(textAt(object, path, alreadyReported));
      if (release === undefined || release === version) return [];
      const parameters = { ztunnel: keyOf(workload), release, version };
      return diagnostic('ztunnel-of-another-release', parameters, spanIn(object, path));
    });
  });
}

function isZtunnel({ kind, labels }: Workload): boolean {
  return kind === 'DaemonSet' && labels.app === 'ztunnel';
}
