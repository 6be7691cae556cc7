import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import type { Diagnostic } from '../src/diagnostics/diagnostic.js';
import { compile, type Source } from '../src/pipeline.js';
import { type Case, goldenCases } from './support/cases.js';

/** What a help line asks to write in place of what it points at; `undefined` where it asks for something else. */
function replacementOf({ help, span }: Diagnostic): string | undefined {
  const alone = /^(?:write|did you mean) `([^`]+)`(?:\?|, with the quotes)?$/.exec(help ?? '')?.[1];
  return span === null ? undefined : alone;
}

/** The gap that a help line offers to accept. */
function acceptanceOf({ help }: Diagnostic): string | undefined {
  return /`accept: \[\{ path: (\w+), until: …, reason: … \}\]`/.exec(help ?? '')?.[1];
}

interface Advised {
  readonly golden: Case;
  readonly found: Diagnostic;
  readonly advice: string;
  readonly name: string;
}

const goldens = goldenCases();

const found = goldens.flatMap((golden) => {
  const { diagnostics } = golden.expect.length === 0 ? { diagnostics: [] } : compile(golden.sources, golden.options);
  return diagnostics.map((each) => ({ golden, found: each }));
});

function advisedBy(adviceOf: (found: Diagnostic) => string | undefined): Advised[] {
  return found.flatMap((each) => {
    const advice = adviceOf(each.found);
    const name = `${each.golden.name} ${each.found.code} at ${each.found.span?.start}`;
    return advice === undefined ? [] : [{ ...each, advice, name }];
  });
}

describe('a value that a help line proposes is accepted where it is written', () => {
  const cases = advisedBy(replacementOf);

  it('is proposed somewhere', () => expect(cases.length).toBeGreaterThan(30));

  it.each(cases)('$name: $advice', ({ golden, advice, found: { code, span } }) => {
    const sources = golden.sources.map((source) =>
      source.path === span?.file.path ? replaced(source, span, advice) : source,
    );
    const again = compile(sources, golden.options).diagnostics;
    expect(again.filter((each) => each.code === code && each.span?.start === span?.start)).toEqual([]);
  });
});

function replaced(source: Source, { start, end }: NonNullable<Diagnostic['span']>, value: string): Source {
  // A proposal is what the value reads as, whatever quotes it needs.
  const written = value.startsWith('"') ? value : /^[\w/.-]+$/.test(value) ? value : JSON.stringify(value);
  return { ...source, text: source.text.slice(0, start) + written + source.text.slice(end) };
}

describe('a gap that a help line offers to accept is accepted', () => {
  const cases = advisedBy(acceptanceOf);

  it('is offered somewhere', () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases)('$name: $advice', ({ golden, advice: path, found: { code } }) => {
    const sources = golden.sources.map((source) =>
      source.path.startsWith('intents') ? { ...source, text: accepting(source.text, path) } : source,
    );
    const again = compile(sources, golden.options).diagnostics;
    expect(
      again.filter((each) => each.code === code && acceptanceOf(each) === path).map(({ message }) => message),
    ).toEqual([]);
  });
});

/** The same intents with the gap accepted on every rule and beside every setting. */
function accepting(text: string, path: string): string {
  const accept = { path, until: '2099-01-01', reason: 'as the help line says' };
  const add = (owner: { accept?: readonly object[] }) => {
    owner.accept = [...(owner.accept ?? []), accept];
  };
  return parseAllDocuments(text)
    .map((document) => {
      const value = document.toJS();
      const { authorization, mtls } = value.spec ?? {};
      for (const rule of [...(authorization?.allow ?? []), ...(authorization?.deny ?? []), ...(mtls?.plaintext ?? [])])
        add(rule);
      if (authorization?.default) add(authorization);
      if (mtls?.mode) add(mtls);
      return stringify(value);
    })
    .join('---\n');
}

describe('what a help line tells to change, changed by hand, compiles', () => {
  const office = 'callers: [{ name: office, plaintext: true, ipBlocks: [203.0.113.0/24] }]';
  const mesh = (spec: string) =>
    `apiVersion: ambit.dev/v1alpha1\nkind: Mesh\nmetadata: { name: prod }\nspec: { clusters: [{ name: default${spec} }], ${office} }\n`;
  const exposed = '{name: http-metrics, port: 9090, targetPort: metrics}';
  const plaintext = (from: string, to: string) => `plaintext: [{ name: open, from: [${from}], to: [${to}] }]`;
  const strictly = (open: string) => [[/mtls: \{ mode: Strict \}/, `mtls: { mode: Strict, ${open} }`]] as const;

  type Change = readonly [from: RegExp, to: string];
  type Row = readonly [golden: string, told: string, changes: readonly Change[], meshDocument: string | undefined];
  const row = (name: string, told: string, changes: readonly Change[], meshDocument?: string): Row => [
    name,
    told,
    changes,
    meshDocument,
  ];
  const rows: readonly Row[] = [
    row('diagnostics/AMB2016-allow-without-default', 'add `default: Deny`', [
      [/authorization:/, 'authorization:\n    default: Deny'],
    ]),
    row('diagnostics/AMB2018-requests-on-tcp-port', 'drop `methods`', [[/\n.*methods: .*/, '']]),
    row('diagnostics/AMB2018-requests-on-tcp-port', 'declare the port as HTTP', [
      [/name: tcp-sql, port/, 'name: tcp-sql, appProtocol: http, port'],
    ]),
    row('diagnostics/AMB2029-ambiguous-port', 'name the service too', [
      [/\{ port: 80 \}/, '{ service: ledger, port: 80 }'],
    ]),
    row('diagnostics/AMB2029-ambiguous-port', 'write the pods’ port', [[/\{ port: 80 \}/, '{ port: 8080 }']]),
    row('diagnostics/AMB2042-no-http-port', 'declare a port as HTTP', [
      [/tcp-sql/, 'http-sql'],
      [/redis/, 'http-redis'],
    ]),
    row('diagnostics/AMB3001-unmeshed-destination', 'enrol it', [
      [/metadata: \{name: payments\}/, 'metadata: {name: payments, labels: {istio.io/dataplane-mode: ambient}}'],
    ]),
    row('diagnostics/AMB3002-no-waypoint-possible', 'put a Service with a virtual IP in front', [
      [/clusterIP: None, /, ''],
    ]),
    row('diagnostics/AMB3002-no-waypoint-possible', 'match on callers and ports only', [[/\n.*methods: .*/, '']]),
    row('diagnostics/AMB3004-requests-at-pods', 'expose the port in a Service', [
      [/targetPort: 8080\}\]/, `targetPort: 8080}, ${exposed}]`],
    ]),
    row('diagnostics/AMB3004-requests-at-pods', 'match on callers and ports only', [[/\n.*paths: .*/, '']]),
    row('diagnostics/AMB3006-caller-without-identity', 'enrol it', [
      [/metadata: \{name: shop\}/, 'metadata: {name: shop, labels: {istio.io/dataplane-mode: ambient}}'],
    ]),
    row(
      'diagnostics/AMB3006-caller-without-identity',
      'name it by its addresses',
      [[/\{ workload: shop\/checkout \}/, '{ external: office }']],
      mesh(''),
    ),
    row('diagnostics/AMB3008-gateway-callers', 'turn the flag on', [[/ROUTING: false/, 'ROUTING: true']]),
    row(
      'diagnostics/AMB3010-plaintext-to-sidecar',
      'set `sidecarsListenHbone: true`',
      [],
      mesh(', istio: { sidecarsListenHbone: true }'),
    ),
    row(
      'diagnostics/AMB3012-strict-refuses-plaintext',
      'add the port and the caller',
      strictly(plaintext('{ external: office }', '{ service: ledger, port: http }')),
    ),
    row(
      'diagnostics/AMB3018-webhook-behind-strict',
      'open its port',
      strictly(plaintext('anyone', '{ service: policy, port: http }')),
    ),
    row('diagnostics/AMB3019-strict-cuts-off', 'enrol them', [
      [/metadata: \{name: legacy\}/, 'metadata: {name: legacy, labels: {istio.io/dataplane-mode: ambient}}'],
    ]),
    row('diagnostics/AMB3023-suffix-host-in-deny', 'list the hosts one by one', [[/"\*\.admin/, '"eu.admin']]),
    row(
      'diagnostics/AMB3031-retries-in-virtual-service',
      'use the experimental channel',
      [],
      mesh(', gatewayApi: { channel: experimental }'),
    ),
    row('existing/waypoint-for-pods', 'label the Gateway', [[/waypoint-for: all/, 'waypoint-for: service']]),
    row('silent-failures/deny-on-undeclared-protocol', 'set `appProtocol: http`', [
      [/port: 80/, 'appProtocol: http, port: 80'],
    ]),
  ];

  it.each(rows)('%s: %s', (name, _, changes, meshDocument) => {
    const golden = goldens.find((each) => each.name === name);
    const edited = (golden?.sources ?? []).map((source) => ({
      ...source,
      text: changes.reduce((text, [from, to]) => text.replaceAll(new RegExp(from, 'g'), to), source.text),
    }));
    const given = meshDocument === undefined ? edited : edited.filter(({ path }) => path !== 'mesh.yaml');
    const sources = meshDocument === undefined ? given : [...given, { path: 'mesh.yaml', text: meshDocument }];
    expect(sources).not.toEqual(golden?.sources);
    const again = compile(sources, golden?.options ?? { today: '2026-06-01' }).diagnostics;
    const refused = again.filter(({ code, severity }) => severity === 'error' || golden?.expect.includes(code));
    expect(refused.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });
});
