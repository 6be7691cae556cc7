import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic, Note } from '../../diagnostics/diagnostic.js';
import { describeRequest, describeSource } from '../../mesh/request.js';
import { spanIn } from '../../parse/document.js';
import { manifestLine } from '../manifest-line.js';
import type { Surroundings } from '../report.js';
import type { HostDeviation } from './prove-hosts.js';
import type { RefusedCaller } from './refused-callers.js';

/** What a person is told of it: nothing, if every host is made known as its settings say. */
export function hostDiagnostics(found: readonly HostDeviation[], surroundings: Surroundings): Diagnostic[] {
  return found.map((each) => {
    const { host, said, cluster, origin } = each;
    const where: Note[] = surroundings.isOneOfMany ? [{ message: `in cluster \`${cluster}\`` }] : [];
    const notes = [...where, ...madeKnownBy(each, surroundings)];
    return diagnostic('host-made-known-otherwise', { host, said }, origin.span, { notes });
  });
}

function madeKnownBy({ found }: HostDeviation, { isEmitted }: Surroundings): Note[] {
  if (found === undefined) return [];
  const { object } = found;
  const place = ['spec'];
  if (isEmitted(object)) return [{ message: `made known by ${manifestLine(object, place)}` }];
  return [{ message: 'made known by this', span: spanIn(object, ['metadata', 'name']) }];
}

/** One line for each host: who may call it is for policies to say, and that they do so here is easily missed. */
export function refusedDiagnostics(found: readonly RefusedCaller[]): Diagnostic[] {
  return found.map(({ host, decision, origin }) => {
    const parameters = { host, caller: describeSource(decision.request.source), because: decision.because };
    return diagnostic('host-refused', parameters, origin.span, { witness: describeRequest(decision.request) });
  });
}
