import type { Item, Test } from '../../mesh/policies/policy.js';
import type { JsonObject } from '../../parse/document.js';
import type { Requests, Unsaid } from './lifted.js';

const looks: Readonly<Record<string, string>> = {
  'request.host': 'hosts',
  'request.method': 'methods',
  'request.path': 'paths',
};

/** One `operation`, and what `when` says of the same request: one item of `to` for each of its ports. */
export function liftRequests({ tests, place }: Pick<Item, 'tests' | 'place'>): readonly Requests[] | Unsaid {
  const unknown = tests.find(
    ({ attribute }) => !(attribute in looks) && attribute !== 'destination.port' && !headerOf(attribute),
  );
  if (unknown) return { because: `rules say nothing of \`${unknown.field}\``, path: unknown.place };
  const twice = tests.find((test) => tests.some((other) => other !== test && other.attribute === test.attribute));
  if (twice) return { because: `\`${twice.field}\` is compared twice`, path: place };
  const ports = tests.filter(({ attribute }) => attribute === 'destination.port');
  const others = tests.filter(({ attribute }) => attribute !== 'destination.port');
  const exceptPorts = ports.flatMap(({ notValues }) => notValues.map(Number));
  const said = { exceptPorts, looks: looksOf(others), except: others.flatMap(exceptionsOf) };
  const wanted = ports.flatMap(({ values }) => values.map(Number));
  return wanted.length === 0 ? [{ port: undefined, ...said }] : wanted.map((port) => ({ port, ...said }));
}

function headerOf(attribute: string): string | undefined {
  return /^request\.headers\[(.*)\]$/.exec(attribute)?.[1];
}

function looksOf(tests: readonly Test[]): JsonObject {
  const wanted = tests.filter(({ values }) => values.length > 0);
  const headers = wanted.flatMap(({ attribute, values }): Array<[string, readonly string[]]> => {
    const header = headerOf(attribute);
    return header === undefined ? [] : [[header, values]];
  });
  const fields = Object.entries(looks).flatMap(([attribute, field]) => {
    const test = wanted.find((each) => each.attribute === attribute);
    return test === undefined ? [] : [[field, field === 'hosts' ? withoutPorts(test.values) : test.values] as const];
  });
  return { ...Object.fromEntries(fields), ...(headers.length > 0 && { headers: Object.fromEntries(headers) }) };
}

/** A host means its requests at any port, which policies say beside it. */
function withoutPorts(hosts: readonly string[]): readonly string[] {
  return hosts.filter((host) => !(host.endsWith(':*') && hosts.includes(host.slice(0, -2))));
}

/** A request is outside as soon as one of them holds: each is an exception by itself. */
function exceptionsOf({ attribute, notValues }: Test): readonly JsonObject[] {
  if (notValues.length === 0) return [];
  const header = headerOf(attribute);
  if (header !== undefined) return [{ headers: { [header]: [...notValues] } }];
  const field = looks[attribute];
  return field === undefined ? [] : [{ [field]: [...notValues] }];
}
