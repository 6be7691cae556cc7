import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, Located, Result } from '../diagnostics/diagnostic.js';
import { oncePerObject } from '../util/once.js';
import { didYouMean, suggest } from '../util/suggest.js';
import type { Acceptance } from './acceptance.js';
import type {
  AuditRule,
  Authorization,
  CallerGroup,
  Delegation,
  ExternalRule,
  Intent,
  LeftOut,
  Mtls,
  Rule,
  SecuritySettings,
} from './ast.js';
import { checkSchema } from './check-schema.js';
import { type Cursor, cursorAt } from './cursor.js';
import type { Document } from './document.js';
import { type Framework, readFramework } from './framework.js';
import { type Approval, readApprovals, readGate, type WrittenGate } from './gate.js';
import { apiVersion, type Kind, kinds } from './kinds.js';
import { readCaller, readTarget } from './parse-references.js';
import { readAccessTest, readGuardrail } from './parse-tests.js';
import { acceptancesOf, readAcceptances, readBaseline, readProjectAcceptances } from './read-acceptances.js';
import { readEgress } from './read-egress.js';
import { readPin } from './read-pin.js';
import { describeValue, quoted } from './schema-words.js';
import { soundPart } from './sound-part.js';
import { readToken } from './tokens/read-token.js';
import { readTrafficSettings } from './traffic/read-settings.js';
import { readWaypoints, type WrittenWaypoints } from './waypoints.js';

/** The documents of a project that are Ambit's own, checked against their schema. */
interface OwnDocuments {
  readonly intents: readonly Intent[];
  readonly meshes: readonly Document[];
  /** What they accept: the intents, the project file and baselines. */
  readonly acceptances: readonly Acceptance[];
  /** Where project files say that waypoints are to stand. */
  readonly waypoints: readonly WrittenWaypoints[];
  /** What project files ask of a change, and what is approved of one. */
  readonly gates: readonly WrittenGate[];
  readonly approvals: readonly Approval[];
  /** What somebody is audited by. */
  readonly frameworks: readonly Framework[];
  readonly partly: PartlyRead;
}

/** Intents with faults, of which the rest was read. */
export interface PartlyRead {
  readonly faults: ReadonlySet<Diagnostic>;
  readonly leftOut: readonly LeftOut[];
}

/** Whether a document claims to be Ambit's: its apiVersion names our group, in whatever version or spelling. */
export function isOwn(document: Document): boolean {
  const version: unknown = Object(document.value).apiVersion;
  return typeof version === 'string' && /^ambit(?:[./]|$)/.test(version);
}

/**
 * Checks and reads Ambit's own documents. Of intents with faults the rest is read, so that what is wrong with it is told in
 * the same run; other documents with faults are left out.
 */
export function parseIntents(documents: readonly Document[]): Result<OwnDocuments> {
  const read = documents.map(readDocument);
  const intents = read.flatMap(({ intent }) => intent ?? []);
  return {
    value: {
      intents,
      meshes: read.flatMap(({ mesh }) => mesh ?? []),
      acceptances: [...intents.flatMap(acceptancesOf), ...read.flatMap(({ acceptances }) => acceptances ?? [])],
      waypoints: read.flatMap(({ waypoints }) => waypoints ?? []),
      gates: read.flatMap(({ gates }) => gates ?? []),
      approvals: read.flatMap(({ approvals }) => approvals ?? []),
      frameworks: read.flatMap(({ frameworks }) => frameworks ?? []),
      partly: {
        faults: new Set(read.flatMap(({ tolerated }) => tolerated ?? [])),
        leftOut: read.flatMap(({ leftOut }) => leftOut ?? []),
      },
    },
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
  };
}

/** What one document holds, by its kind. */
interface OwnDocument extends Partial<Omit<OwnDocuments, 'intents' | 'meshes' | 'partly'>> {
  readonly diagnostics: readonly Diagnostic[];
  readonly intent?: Intent | undefined;
  readonly mesh?: Document;
  readonly tolerated?: readonly Diagnostic[];
  readonly leftOut?: readonly LeftOut[];
}

const readDocument = oncePerObject((document: Document): OwnDocument => {
  const unknown = faultOfKind(document);
  if (unknown) return { diagnostics: [unknown] };
  const kind: Kind = Object(document.value).kind;
  const diagnostics = checkSchema(document, kind);
  if (isKindOfIntent(kind)) {
    const sound = soundPart(document, kind);
    return {
      diagnostics,
      tolerated: diagnostics,
      leftOut: sound.leftOut.map((path) => ({ kind, path })),
      intent: sound.document && readers[kind](cursorAt(sound.document, [])),
    };
  }
  if (diagnostics.length > 0) return { diagnostics };
  const spec = cursorAt(document, ['spec']);
  if (kind === 'Mesh') return { diagnostics, mesh: document };
  if (kind === 'Project') {
    return {
      diagnostics,
      acceptances: readProjectAcceptances(spec),
      waypoints: spec.optional('waypoints', (node) => [readWaypoints(node)]) ?? [],
      gates: spec.optional('gate', (node) => [readGate(node)]) ?? [],
    };
  }
  if (kind === 'Approvals') return { diagnostics, approvals: readApprovals(spec) };
  if (kind === 'Framework') return { diagnostics, frameworks: [readFramework(cursorAt(document, []))] };
  return { diagnostics, acceptances: readBaseline(spec) };
});

const readers: Readonly<Record<Intent['kind'], (document: Cursor) => Intent>> = {
  SecuritySettings: readSecuritySettings,
  TrafficSettings: readTrafficSettings,
  CallerGroup: readCallerGroup,
  AccessTest: readAccessTest,
  Guardrail: readGuardrail,
};

function isKindOfIntent(kind: Kind): kind is Intent['kind'] {
  return kind in readers;
}

/** Why nothing is known of what a document is to say. */
function faultOfKind(document: Document): Diagnostic | undefined {
  const { apiVersion: version, kind } = Object(document.value);
  if (version !== apiVersion) {
    return diagnostic('unknown-api-version', { apiVersion: String(version) }, document.spanOf(['apiVersion']));
  }
  if (kind === undefined) {
    const parameters = { place: 'the document', field: '`kind`' };
    return diagnostic('missing-field', parameters, document.spanOf(['apiVersion'], 'key'));
  }
  if (kinds.includes(kind)) return undefined;
  const help = didYouMean(typeof kind === 'string' ? suggest(kind, kinds) : []);
  const parameters = { kind: describeValue(kind), kinds: kinds.map(quoted).join(', ') };
  return diagnostic('unknown-kind', parameters, document.spanOf(['kind']), help);
}

function readSecuritySettings(document: Cursor): SecuritySettings {
  const spec = document.field('spec');
  return {
    kind: 'SecuritySettings',
    name: document.field('metadata').field('name').text(),
    scope: readScope(spec.field('scope')),
    stage: spec.optional('stage', (node) => node.text() as NonNullable<SecuritySettings['stage']>),
    mtls: spec.optional('mtls', readMtls),
    authorization: spec.optional('authorization', readAuthorization),
    networkPolicies: spec.optional('networkPolicies', ({ span }) => span),
    egress: spec.optional('egress', readEgress),
  };
}

function readCallerGroup(document: Cursor): CallerGroup {
  return {
    kind: 'CallerGroup',
    name: document.field('metadata').field('name').text(),
    members: document.field('spec').field('members').items().map(readCaller),
  };
}

function readScope(scope: Cursor): SecuritySettings['scope'] {
  if (scope.value === 'mesh') return { kind: 'mesh', span: scope.span };
  const [field] = scope.fields();
  const kind = field?.key as 'namespace' | 'service' | 'workload' | 'gateway';
  const { value, span } = scope.field(kind).text();
  return { kind, reference: value, span };
}

function readMtls(mtls: Cursor): Mtls {
  return {
    mode: mtls.field('mode').text() as Mtls['mode'],
    plaintext: mtls.optional('plaintext', readRules) ?? [],
    mandate: mtls.optional('mandate', readMandate),
    accept: readAcceptances(mtls),
  };
}

function readAuthorization(authorization: Cursor): Authorization {
  return {
    mode: authorization.optional('mode', (node) => node.text() as NonNullable<Authorization['mode']>),
    group: authorization.optional('group', (node) => node.text()),
    default: authorization.optional('default', (node) => node.text() as NonNullable<Authorization['default']>),
    allow: authorization.optional('allow', readRules) ?? [],
    deny: authorization.optional('deny', readRules) ?? [],
    audit: authorization.optional('audit', readAuditRules) ?? [],
    external: authorization.optional('external', readExternalRules) ?? [],
    delegatesTo: authorization.optional('delegatesTo', (list) => list.items().map(readDelegation)) ?? [],
    inheritance: authorization.optional(
      'inheritance',
      (node) => node.text() as NonNullable<Authorization['inheritance']>,
    ),
    mandate: authorization.optional('mandate', readMandate),
    pin: authorization.optional('enforcement', readPin),
    accept: readAcceptances(authorization),
  };
}

function readDelegation(delegation: Cursor): Delegation {
  return {
    namespace: delegation.field('namespace').text(),
    hosts: delegation
      .field('hosts')
      .items()
      .map((host) => host.text()),
    span: delegation.span,
  };
}

function readRules(rules: Cursor): Rule[] {
  return rules.items().map((rule) => ({
    ...readRule(rule),
    from: readFrom(rule),
    token: rule.optional('token', readToken),
  }));
}

function readAuditRules(rules: Cursor): AuditRule[] {
  return rules.items().map((rule) => ({ ...readSaid(rule), from: readFrom(rule) }));
}

function readExternalRules(rules: Cursor): ExternalRule[] {
  return rules.items().map((rule) => ({ ...readRule(rule), provider: rule.field('provider').text() }));
}

function readFrom(rule: Cursor): Rule['from'] {
  return rule.optional('from', (from) => from.items().map(readCaller));
}

function readRule(rule: Cursor): Omit<Rule, 'from' | 'token'> {
  return {
    ...readSaid(rule),
    mandate: rule.optional('mandate', readMandate),
    pin: rule.optional('enforcement', readPin),
    accept: readAcceptances(rule),
  };
}

function readSaid(rule: Cursor): Omit<AuditRule, 'from'> {
  return {
    name: rule.field('name').text(),
    reason: rule.optional('reason', textOf),
    owner: rule.optional('owner', textOf),
    ticket: rule.optional('ticket', textOf),
    to: rule.optional('to', (to) => to.items().map(readTarget)),
  };
}

function readMandate({ value, span }: Cursor): Located<boolean> {
  return { value: value === true, span };
}

function textOf(node: Cursor): string {
  return node.text().value;
}
