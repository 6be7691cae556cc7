import type { CorsPolicy, HeaderChanges, TextMatch } from '../../mesh/routes/route.js';
import { type Service, type ServicePort, selects, targetPortOf, type Workload } from '../../topology/model.js';
import { durationText } from '../../util/duration.js';
import { compareText, sortBy } from '../../util/order.js';

type Workloads = ReadonlyMap<string, Workload>;

/** Pods and the port on which each of them gets requests; `undefined` where there are none. */
export function podsInWords(workloads: Workloads, keys: readonly string[], port: ServicePort): string | undefined {
  const pods = keys.flatMap((key) => {
    const workload = workloads.get(key);
    return workload === undefined ? [] : [`${key}:${targetPortOf(port, workload) ?? port.targetPort}`];
  });
  return pods.length === 0 ? undefined : sortBy(pods, (text) => text).join(' or ');
}

/** A host outside the mesh, and by which gateways requests leave for it. */
export function hostInWords(
  host: string,
  { number }: Pick<ServicePort, 'number'>,
  gateways: readonly string[],
): string {
  const through = gateways.length === 0 ? '' : ` through gateway ${gateways.join(' and ')}`;
  return `host ${host}:${number}${through}`;
}

/** The pods of a Service, or those of one of its versions. */
export function podKeys(workloads: Workloads, service: Service, labels: Readonly<Record<string, string>>) {
  return service.workloads.filter((key) => selects(labels, workloads.get(key)?.labels ?? {}));
}

export function answerInWords(status: number, body: string | undefined): string {
  return body === undefined ? `an answer ${status}` : `an answer ${status} with body ${JSON.stringify(body)}`;
}

export interface Moved {
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly path: string | undefined;
}

export function redirectInWords(status: number, { scheme, host, port, path }: Moved): string {
  const parts = Object.entries({ scheme, host, port, path }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${value}`],
  );
  return `a redirect ${status} to ${parts.join(', ') || 'the same address'}`;
}

export function timeInWords(milliseconds: number | undefined): string {
  return milliseconds ? durationText(milliseconds) : 'none';
}

export interface Tries {
  readonly attempts: number;
  readonly perTryTimeout: number | undefined;
  readonly conditions: readonly string[];
  readonly statusCodes: readonly number[];
  readonly backoff: number | undefined;
}

/** A condition for status codes says nothing without any. */
export function retriesInWords(tries: Tries | undefined): string {
  if (tries === undefined || tries.attempts === 0) return 'none';
  const { attempts, perTryTimeout, conditions, statusCodes, backoff } = tries;
  const named = conditions.filter((condition) => condition !== 'retriable-status-codes');
  const causes = [...named].sort(compareText).concat(statusCodes.map(String)).join(', ');
  const each = perTryTimeout ? `, each within ${durationText(perTryTimeout)}` : '';
  return `${attempts} on ${causes}${each}${backoff ? `, pausing ${durationText(backoff)}` : ''}`;
}

export function delayInWords(delay: { readonly percent: number; readonly duration: number } | undefined): string {
  return delay === undefined ? 'none' : `${durationText(delay.duration)} for ${delay.percent} %`;
}

/** Whom CORS answers; the order of lists says nothing. */
export function corsInWords(policy: CorsPolicy | undefined): string {
  if (policy === undefined) return 'none';
  const { origins, methods, headers, exposed, maxAge, credentials } = policy;
  const parts: ReadonlyArray<readonly [string, readonly string[]]> = [
    ['for', origins.map(textInWords)],
    ['methods', methods],
    ['headers', headers],
    ['exposing', exposed],
  ];
  const listed = parts.flatMap(([name, texts]) =>
    texts.length === 0 ? [] : [`${name} ${[...new Set(texts)].sort(compareText).join(', ')}`],
  );
  return [...listed, `for ${durationText(maxAge)}`, ...(credentials ? ['with credentials'] : [])].join('; ');
}

function textInWords(match: TextMatch): string {
  switch (match.kind) {
    case 'present':
      return 'any origin';
    case 'prefix':
      return `${match.value}*`;
    default:
      return match.kind === 'regex' ? `/${match.value}/` : match.value;
  }
}

/** What is made of headers in the end, whatever the steps. */
export function headersInWords(steps: readonly HeaderChanges[]): string {
  const after = new Map<string, { readonly keeps: boolean; readonly values: readonly string[] }>();
  for (const { remove, set, add } of steps) {
    for (const name of remove) after.set(name.toLowerCase(), { keeps: false, values: [] });
    for (const [name, value] of Object.entries(set)) after.set(name.toLowerCase(), { keeps: false, values: [value] });
    for (const [name, value] of Object.entries(add)) {
      const { keeps, values } = after.get(name.toLowerCase()) ?? { keeps: true, values: [] };
      after.set(name.toLowerCase(), { keeps, values: [...values, value] });
    }
  }
  const words = [...after].map(([name, { keeps, values }]) => {
    if (values.length === 0) return `without ${name}`;
    return `${keeps ? 'also ' : ''}${name}: ${values.join(', ')}`;
  });
  return sortBy(words, (text) => text).join('; ') || 'as they are';
}
