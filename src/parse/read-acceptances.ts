import type { Acceptance, AcceptedPlace } from './acceptance.js';
import type { Intent, Rule } from './ast.js';
import type { Cursor } from './cursor.js';

/** What the `accept` of a rule or of settings says: gaps by their path and findings by their code, in what it stands beside. */
export function readAcceptances(owner: Cursor): readonly Acceptance[] {
  const where = (): AcceptedPlace => ({ kind: 'text', span: owner.span });
  return readList(owner, 'intent', where);
}

/** What the `accept` of a project file says: findings by their code, in objects of its manifests and documents. */
export function readProjectAcceptances(spec: Cursor): readonly Acceptance[] {
  return readList(spec, 'project', (item) => ({
    kind: 'objects',
    object: textIn(item, 'object'),
    namespace: textIn(item, 'namespace'),
  }));
}

/** What a baseline says: findings by their fingerprint, all for one reason and until one day. */
export function readBaseline(spec: Cursor): readonly Acceptance[] {
  const shared = {
    until: spec.optional('until', (until) => until.text()),
    reason: textIn(spec, 'reason') ?? 'it was there when the baseline was written',
    owner: textIn(spec, 'owner'),
    writtenIn: 'baseline',
  } as const;
  return spec
    .field('findings')
    .items()
    .map((item) => ({
      ...shared,
      what: item.field('code').text().value,
      where: {
        kind: 'finding',
        object: textIn(item, 'object'),
        fingerprint: item.field('fingerprint').text().value,
      },
      span: item.field('code').span,
    }));
}

function readList(
  owner: Cursor,
  writtenIn: Acceptance['writtenIn'],
  where: (item: Cursor) => AcceptedPlace,
): readonly Acceptance[] {
  const read = (list: Cursor): Acceptance[] =>
    list.items().map((item) => {
      const subject = item.field(item.optional('path', () => 'path') ?? 'code');
      const about = textIn(item, 'about');
      return {
        what: subject.text().value,
        where: where(item),
        ...(about !== undefined && { about }),
        until: item.field('until').text(),
        reason: item.field('reason').text().value,
        owner: textIn(item, 'owner'),
        writtenIn,
        span: subject.span,
      };
    });
  return owner.optional('accept', read) ?? [];
}

function textIn(node: Cursor, field: string): string | undefined {
  return node.optional(field, (value) => value.text().value);
}

/** All that an intent accepts, each once. */
export function acceptancesOf(intent: Intent): readonly Acceptance[] {
  if (intent.kind !== 'SecuritySettings') return [];
  const { authorization, mtls, egress } = intent;
  const ofRules = (rules: readonly Pick<Rule, 'accept'>[] = []) => rules.flatMap(({ accept }) => accept);
  return [
    ...(mtls?.accept ?? []),
    ...ofRules(mtls?.plaintext),
    ...(authorization?.accept ?? []),
    ...ofRules(authorization?.allow),
    ...ofRules(authorization?.deny),
    ...ofRules(authorization?.external),
    ...(egress?.accept ?? []),
  ];
}
