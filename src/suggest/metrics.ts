import type { LoggedEnd, Side } from '../trace/logs/log-line.js';
import type { Observation } from './observation.js';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  /** In milliseconds since 1970. */
  readonly time: number | undefined;
}

/**
 * What Istio's standard metrics tell of calls: a page of `/metrics`, or Prometheus' answer to a query in JSON; `undefined`
 * where a text is neither. Connections are counted when they close: only then it is known whether a policy refused them. Those
 * that are still open are counted beside them.
 */
export function metricsIn(text: string): Metrics | undefined {
  const answer = answerIn(text);
  const read = answer === undefined ? pageIn(text) : { samples: answer, unknown: [] };
  return read && { all: [...read.samples, ...stillOpen(read.samples)].flatMap(observed), unknown: read.unknown };
}

interface Metrics {
  readonly all: readonly Observation[];
  /** Lines that begin as those of a metric that is read, and cannot be read. */
  readonly unknown: readonly string[];
}

interface Page {
  readonly samples: readonly Sample[];
  readonly unknown: readonly string[];
}

/** `name{label="value",…} 12 1731398400000`. */
const sampleLine = /^([a-z_:][\w:]*)\{(.*)\} (\S+)(?: (\d+))?$/i;

function pageIn(text: string): Page | undefined {
  if (!/^istio_\w+\{/m.test(text)) return undefined;
  const lines = text.split('\n').map((line) => line.trim());
  const read = lines.map((line) => ({ line, sample: sampleIn(line) }));
  const isMeant = (line: string) => [requests, closed, opened].some((name) => line.startsWith(`${name}{`));
  return {
    samples: read.flatMap(({ sample }) => sample ?? []),
    unknown: read.filter(({ line, sample }) => sample === undefined && isMeant(line)).map(({ line }) => line),
  };
}

function sampleIn(line: string): Sample | undefined {
  const [, name, labels, value, time] = sampleLine.exec(line) ?? [];
  if (name === undefined || labels === undefined) return undefined;
  return { name, labels: labelsIn(labels), value: Number(value), time: time === undefined ? time : Number(time) };
}

function labelsIn(text: string): Labels {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value.replace(/\\(.)/g, '$1')]));
}

/** The answer of `/api/v1/query`: a vector, each with its labels and one value. */
function answerIn(text: string): readonly Sample[] | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  const result: unknown = Object(Object(parsed(text)).data).result;
  if (!Array.isArray(result)) return undefined;
  return result.flatMap((each: unknown): Sample[] => {
    const { metric, value } = Object(each);
    const [seconds, number] = Array.isArray(value) ? value : [];
    const labels = textsOf(Object(metric));
    return [{ name: labels.__name__ ?? requests, labels, value: Number(number), time: Number(seconds) * 1000 }];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textsOf(labels: object): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** What a query that adds up is about, which has no name any more. */
const requests = 'istio_requests_total';
const closed = 'istio_tcp_connections_closed_total';
const opened = 'istio_tcp_connections_opened_total';

const sides: Readonly<Record<string, Side>> = { source: 'caller', destination: 'destination', waypoint: 'waypoint' };

/** What was opened and not closed, as if it had been: a pool of connections to a database may stay open for weeks. */
function stillOpen(samples: readonly Sample[]): readonly Sample[] {
  const endsOf = ({ labels: { response_flags: _, __name__: __, ...rest } }: Sample) =>
    JSON.stringify(Object.entries(rest).sort());
  const sums = new Map<string, number>();
  for (const sample of samples.filter(({ name }) => name === closed))
    sums.set(endsOf(sample), (sums.get(endsOf(sample)) ?? 0) + sample.value);
  return samples
    .filter(({ name }) => name === opened)
    .map((sample) => ({ ...sample, name: closed, value: sample.value - (sums.get(endsOf(sample)) ?? 0) }));
}

function observed({ name, labels, value, time }: Sample): readonly Observation[] {
  if ((name !== requests && name !== closed) || !(value > 0)) return [];
  const outcome = outcomeOf(labels);
  if (outcome === undefined) return [];
  const ends = { caller: endOf('source', labels), destination: destinationOf(labels) };
  const at = time !== undefined && Number.isFinite(time) ? new Date(time).toISOString() : undefined;
  const base = { writtenBy: 'metric', request: undefined, side: sides[labels.reporter ?? ''] } as const;
  return [
    { ...base, ...ends, since: at, time: at, outcome, isPerhapsRefused: name === closed, count: Math.round(value) },
  ];
}

/** Whether a proxy or the application answered 401 or 403 is not told. ztunnel says `DENY` and `CONNECT` in its flags. */
function outcomeOf({ response_code, response_flags = '-' }: Labels): Observation['outcome'] | undefined {
  if (response_code === '401' || response_code === '403' || response_flags.split(',').includes('DENY'))
    return 'refused';
  return response_flags === '-' ? 'passed' : undefined;
}

function endOf(end: 'source' | 'destination', labels: Labels): LoggedEnd {
  const said = (name: string) => known(labels[`${end}_${name}`]);
  return {
    pod: said('workload'),
    namespace: said('workload_namespace'),
    principal: said('principal')?.replace(/^spiffe:\/\//, ''),
  };
}

function destinationOf(labels: Labels): LoggedEnd {
  return { ...endOf('destination', labels), host: known(labels.destination_service) };
}

function known(text: string | undefined): string | undefined {
  return text === undefined || text === 'unknown' || text === '' ? undefined : text;
}
