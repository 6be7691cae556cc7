import { describeRequest } from '../../../src/mesh/request.js';
import { sortBy } from '../../../src/util/order.js';
import type { Compared } from './compare.js';

/** What is alike among requests that are compared, with the number of them and the first. */
export interface Class {
  readonly title: string;
  count: number;
  readonly example: string;
}

export type Classes = Map<string, Class>;

/** Requests are alike if both sides say the same of them, but for names and numbers. */
export function classify(classes: Classes, name: string, compared: Compared): void {
  const title = titleOf(compared);
  const known = classes.get(title);
  if (known !== undefined) known.count += 1;
  else classes.set(title, { title, count: 1, example: `${name}: ${describeRequest(compared.request)}` });
}

function titleOf({ request, model, judge, relation }: Compared): string {
  const { source, destination, payload } = request;
  const asked = (is: boolean) => (is ? ' after asking' : '');
  return [
    relation,
    `model ${model.answer}${asked(model.asked)}, Istio ${judge.judge}${asked(judge.asked ?? false)}`,
    `${source.kind}${source.kind === 'future' ? ` ${source.speaks}` : ''} to ${destination.kind}, ${payload.kind}`,
    nameless(model.because),
    nameless(judge.detail[judge.detail.length - 1] ?? ''),
  ].join(' :: ');
}

/** A sentence without what differs from mesh to mesh. */
export function nameless(text: string): string {
  return text
    .replace(/`[^`]*`/g, '`…`')
    .replace(/[a-z0-9-]+\/[a-z0-9./-]+/gi, '…')
    .replace(/\d+/g, '#');
}

/** The most frequent first. */
export function listOf(classes: Classes, most: number): string {
  return sortBy(
    classes.values(),
    ({ count }) => -count,
    ({ title }) => title,
  )
    .slice(0, most)
    .map(({ title, count, example }) => `${count} x ${title}\n    ${example}`)
    .join('\n');
}
