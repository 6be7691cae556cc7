import type { JsonValue } from '../../../src/parse/document.js';
import type { Cluster } from '../../../src/topology/model.js';
import { at, cut, type Emitted, kindOf, listOf, namespaceOf, objectOf, put, textsOf, type Way } from './emitted.js';
import { changed, type Mutation, type Variant } from './mutation.js';

/** What a policy's rules say, narrowed, widened and replaced place by place. */
export const ruleMutations: readonly Mutation[] = [
  rules('rule dropped', (emitted) => placesOf(emitted, [rule]).map((way) => without(emitted, way))),
  rules('all rules dropped', (emitted) => [without(emitted, ['spec', 'rules'])]),
  rules('rule that matches anything', (emitted) => [withAt(emitted, ['spec', 'rules'], [{}])]),
  rules('rule loses its from, to or when', (emitted) =>
    placesOf(emitted, [rule, clause]).map((way) => without(emitted, way)),
  ),
  rules('source or operation dropped', (emitted) =>
    placesOf(emitted, [rule, clause, item])
      .filter((way) => siblings(emitted, way) > 1)
      .map((way) => without(emitted, way)),
  ),
  rules('field dropped', (emitted) =>
    fieldsOf(emitted)
      .filter((way) => Object.keys(objectOf(at(emitted.value, way.slice(0, -1)))).length > 1)
      .map((way) => without(emitted, way)),
  ),
  rules('value dropped', (emitted) =>
    valuesOf(emitted)
      .filter((way) => siblings(emitted, way) > 1)
      .map((way) => without(emitted, way)),
  ),
  rules('value replaced', (emitted) =>
    valuesOf(emitted).flatMap((way) => {
      const instead = otherValues[fieldAt(way)];
      return instead === undefined ? [] : [withAt(emitted, way, instead)];
    }),
  ),
  rules('value added', (emitted) =>
    fieldsOf(emitted).flatMap((way) => {
      const [field, values] = [fieldAt([...way, 0]), textsOf(at(emitted.value, way))];
      const more = otherValues[field];
      return more === undefined ? [] : [withAt(emitted, way, [...values, more])];
    }),
  ),
  rules('caller replaced by one that exists', (emitted, { serviceAccounts }) =>
    valuesOf(emitted).flatMap((way) => {
      if (fieldAt(way) !== 'serviceAccounts') return [];
      const taken = textsOf(at(emitted.value, way.slice(0, -1)));
      const other = [...serviceAccounts].find((account) => !taken.includes(account));
      return other === undefined ? [] : [withAt(emitted, way, other)];
    }),
  ),
  rules('value widened', (emitted) =>
    valuesOf(emitted).flatMap((way) => {
      const value = String(at(emitted.value, way));
      if (['methods', 'namespaces'].includes(fieldAt(way))) return [withAt(emitted, way, '*')];
      const isText = ['paths', 'hosts'].includes(fieldAt(way)) && !/[*{]/.test(value);
      return isText ? [withAt(emitted, way, `${value}*`)] : [];
    }),
  ),
  rules('field negated', (emitted) =>
    fieldsOf(emitted).flatMap((way) => {
      const [name, parent] = [fieldAt([...way, 0]), way.slice(0, -1)];
      if (name.startsWith('not') || name.endsWith('alues')) return [];
      const negated = `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const moved = put(cut(emitted.value, way), [...parent, negated], at(emitted.value, way));
      return [changed(emitted, `${way.join('.')} negated`, moved)];
    }),
  ),
  rules('port of the other plane', (emitted, cluster) =>
    valuesOf(emitted).flatMap((way) =>
      fieldAt(way) === 'ports'
        ? otherPorts(emitted, cluster, Number(at(emitted.value, way))).map((port) => withAt(emitted, way, port))
        : [],
    ),
  ),
  rules('principal of another trust domain', (emitted) => principals(emitted, 'other.example')),
  rules('principal with spiffe://', (emitted, { settings }) => principals(emitted, `spiffe://${settings.trustDomain}`)),
  rules('principal in place of account', (emitted, { settings }) => principals(emitted, settings.trustDomain)),
];

const rule = 'rule';
const clause = 'clause';
const item = 'item';

function rules(kind: string, variants: (emitted: Emitted, cluster: Cluster) => readonly Variant[]): Mutation {
  const isWritten = (emitted: Emitted) =>
    kindOf(emitted) === 'AuthorizationPolicy' && listOf(at(emitted.value, ['spec', 'rules'])).length > 0;
  return { kind, variants: (emitted, cluster) => (isWritten(emitted) ? variants(emitted, cluster) : []) };
}

/** What no intent of a case says in this field. */
const otherValues: Readonly<Record<string, string>> = {
  serviceAccounts: 'elsewhere/nobody',
  namespaces: 'elsewhere',
  principals: 'cluster.local/ns/elsewhere/sa/nobody',
  ipBlocks: '198.18.7.0/24',
  ports: '1',
  methods: 'PATCH',
  paths: '/nowhere',
  hosts: 'nowhere.example',
  values: 'nothing',
};

/** The places of rules, of their `from`, `to` and `when`, or of the items of those. */
function placesOf({ value }: Emitted, levels: readonly string[]): readonly Way[] {
  const start: readonly Way[] = [['spec', 'rules']];
  return levels.reduce((ways) => ways.flatMap((way) => keysOf(at(value, way)).map((key) => [...way, key])), start);
}

function keysOf(value: JsonValue | undefined): ReadonlyArray<string | number> {
  return Array.isArray(value) ? [...value.keys()] : Object.keys(objectOf(value));
}

/** The lists of values: below `source` and `operation`, and beside the key of a condition. */
function fieldsOf(emitted: Emitted): readonly Way[] {
  return placesOf(emitted, [rule, clause, item]).flatMap((way) => {
    const children = keysOf(at(emitted.value, way)).map((key) => [...way, key]);
    if (way[way.length - 2] === 'when') return children.filter((child) => fieldAt([...child, 0]) !== 'key');
    return children.flatMap((child) => keysOf(at(emitted.value, child)).map((key) => [...child, key]));
  });
}

function valuesOf(emitted: Emitted): readonly Way[] {
  return fieldsOf(emitted).flatMap((way) => keysOf(at(emitted.value, way)).map((key) => [...way, key]));
}

/** The field that a value is in. */
function fieldAt(way: Way): string {
  return String(way[way.length - 2]);
}

function siblings({ value }: Emitted, way: Way): number {
  return listOf(at(value, way.slice(0, -1))).length;
}

function without(emitted: Emitted, way: Way): Variant {
  return changed(emitted, `without ${way.join('.')}`, cut(emitted.value, way));
}

function withAt(emitted: Emitted, way: Way, value: JsonValue): Variant {
  return changed(emitted, `${way.join('.')} ${JSON.stringify(value)}`, put(emitted.value, way, value));
}

/** What a port is called on the other side of a Service. */
function otherPorts(emitted: Emitted, { services }: Cluster, port: number): readonly string[] {
  const isAtWaypoint = at(emitted.value, ['spec', 'targetRefs']) !== undefined;
  const own = [...services.values()].filter(({ namespace }) => namespace === namespaceOf(emitted));
  const pairs = own.flatMap(({ ports }) =>
    ports.map(({ number, targetPort }) => [number, Number(targetPort)] as const),
  );
  const others = pairs.flatMap(([outer, inner]) => {
    const [mine, other] = isAtWaypoint ? [outer, inner] : [inner, outer];
    return mine === port && other !== port && !Number.isNaN(other) ? [String(other)] : [];
  });
  return [...new Set(others)];
}

/** Each list of ServiceAccounts as principals. */
function principals(emitted: Emitted, trustDomain: string): readonly Variant[] {
  return fieldsOf(emitted).flatMap((way) => {
    if (fieldAt([...way, 0]) !== 'serviceAccounts') return [];
    const values = textsOf(at(emitted.value, way)).map((account) => {
      const [namespace, name] = account.split('/');
      return `${trustDomain}/ns/${namespace}/sa/${name}`;
    });
    const moved = put(cut(emitted.value, way), [...way.slice(0, -1), 'principals'], values);
    return [changed(emitted, `${way.join('.')} as ${values.join()}`, moved)];
  });
}
