import type { Gate } from '../../../algebra/lane.js';
import { keyOf } from '../../../topology/model.js';
import { oncePer, oncePerObject } from '../../../util/once.js';
import type { PolicyInMesh } from '../../context.js';
import type { Site } from '../../sites.js';

/** No gate of the policy compares the port as its own, and some gate would if it were the other side's. */
export function isOfOtherSide(value: string, subject: PolicyInMesh): boolean {
  return otherSidesOf(subject)(value);
}

const otherSidesOf = oncePerObject((subject: PolicyInMesh) =>
  oncePer((value: string) => {
    const port = Number(value);
    const isOwn = subject.sites.some((site) => gatesOf(subject, site).some(({ hop }) => hop.port === port));
    return !isOwn && mixUpsIn(port, subject).length > 0;
  }),
);

/** What the port is of, and what is compared in its place. */
export interface MixUp {
  readonly written: string;
  readonly compared: string;
  readonly right: number;
}

export function mixUpsIn(port: number, subject: PolicyInMesh): readonly MixUp[] {
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
export function otherSide(port: number, { behind, podPort }: Site, { hop }: Gate): number | undefined {
  if (behind === undefined) return undefined;
  if (hop.point.kind === 'waypoint') return port === podPort ? behind.port.number : undefined;
  return port === behind.port.number ? podPort : undefined;
}
