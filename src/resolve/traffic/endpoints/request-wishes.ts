import { diagnostic } from '../../../diagnostics/create.js';
import type { Span } from '../../../diagnostics/diagnostic.js';
import type { EndpointSettings } from '../../../parse/traffic/endpoints.js';
import type { ServicePort } from '../../../topology/model.js';
import type { ResolveContext } from '../../context.js';
import { destinationLabel } from '../../destinations.js';
import type { Destination } from '../../resolved.js';

/** A setting that speaks of requests, which a proxy of TCP does not see. */
interface RequestWish {
  readonly field: string;
  readonly span: Span;
}

const ofRequests = [
  'maxRequests',
  'maxRequestsPerConnection',
  'maxStreams',
  'maxRetries',
  'retryBudget',
  'http2KeepAlive',
  'http2',
] as const;

export function requestWishes({ connections, affinity }: EndpointSettings): RequestWish[] {
  const limits = ofRequests.flatMap((field) => {
    const limit = connections?.[field];
    return limit ? [{ field: `connections.${field}`, span: limit.span }] : [];
  });
  const isOfRequests = affinity && affinity.by.kind !== 'sourceIP';
  return [...limits, ...(isOfRequests ? [{ field: `affinity.${affinity.by.kind}`, span: affinity.span }] : [])];
}

/** Reports them where the port, or every port of the Service, carries nothing but TCP. */
export function checkRequestWishes(
  context: ResolveContext,
  destination: Destination,
  wishes: readonly RequestWish[],
  port?: ServicePort,
): void {
  const ports = port ? [port] : (destination.service?.ports ?? []);
  if (ports.length === 0 || ports.some(({ layer }) => layer !== 'tcp')) return;
  const label = destinationLabel(destination);
  const where = port ? `port ${port.name ?? port.number} of ${label}` : label;
  for (const { field, span } of wishes) context.report(diagnostic('requests-not-seen', { field, where }, span));
}
