import type { Gate } from '../../algebra/lane.js';
import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { keyOf } from '../../topology/model.js';
import { type LintContext, nameOf, type PolicyInMesh } from '../context.js';
import { proofOf } from '../evidence.js';
import type { Site } from '../sites.js';
import { consequenceOf, writtenValues } from './written-values.js';

/** A Service's port where the pod's is compared, or a pod's where the Service's is: it never matches (§4.4). */
export function portsOfTheOtherSide(context: LintContext): readonly Diagnostic[] {
  return writtenValues(context, 'destination.port', isOfOtherSide).flatMap((mistake) => {
    const { subject, value, span } = mistake;
    const [mixUp] = mixUpsIn(Number(value), subject);
    const evidence = consequenceOf(context, mistake, (site, gate) => {
      return [String(otherSide(Number(value), site, gate) ?? value)];
    });
    if (mixUp === undefined || evidence === undefined) return [];
    const parameters = { policy: nameOf(subject.policy), port: value, ...mixUp };
    const law =
      'a waypoint compares the port of the Service, everything else that of the pod (istio-security §2.1, §4.4)';
    return diagnostic('port-of-other-side', parameters, span, proofOf(evidence, law));
  });
}

/** No gate of the policy compares the port as its own, and some gate would if it were the other side's. */
function isOfOtherSide(value: string, subject: PolicyInMesh): boolean {
  const port = Number(value);
  const isOwn = subject.sites.some((site) => gatesOf(subject, site).some(({ hop }) => hop.port === port));
  return !isOwn && mixUpsIn(port, subject).length > 0;
}

/** What the port is of, and what is compared in its place. */
interface MixUp {
  readonly written: string;
  readonly compared: string;
  readonly right: number;
}

function mixUpsIn(port: number, subject: PolicyInMesh): readonly MixUp[] {
  return subject.sites.flatMap((site) =>
    gatesOf(subject, site).flatMap((gate) => {
      const right = otherSide(port, site, gate);
      const { behind, addressed } = site;
      if (right === undefined || behind === undefined) return [];
      const service = `Service \`${keyOf(behind.service)}\``;
      const [written, compared] = gate.hop.point.kind === 'waypoint' ? [addressed, service] : [service, addressed];
      return [{ written, compared, right }];
    }),
  );
}

/** Where the policy is held on a way to the site. */
function gatesOf({ policy }: PolicyInMesh, { plan }: Site): readonly Gate[] {
  return plan.ways.flatMap(({ gates }) =>
    gates.filter(({ enforcement }) => enforcement.policies.some((compiled) => compiled.policy === policy)),
  );
}

/** The port that a gate compares where a person wrote the one that the other side compares. */
function otherSide(port: number, { behind, podPort }: Site, { hop }: Gate): number | undefined {
  if (behind === undefined) return undefined;
  if (hop.point.kind === 'waypoint') return port === podPort ? behind.port.number : undefined;
  return port === behind.port.number ? podPort : undefined;
}
