import type { Accepted } from '../../acceptances/settle.js';
import type { Access, AccessGraph, WayIn } from '../../access/access-graph.js';
import type { Acceptance } from '../../parse/acceptance.js';
import type { Framework } from '../../parse/framework.js';
import type { CompileResult } from '../../pipeline.js';
import type { Topology } from '../../topology/model.js';
import type { FromOutside } from '../../trace/matrix/from-outside.js';
import { groupBy, sortBy } from '../../util/order.js';
import { answerFramework } from '../compliance/answer.js';
import { countOf } from '../order.js';
import { provedOf } from '../proved.js';
import { planePhrase } from '../topology/phrases.js';
import { lineOf } from '../trace/line-of.js';
import { waypointsOf } from '../waypoints/waypoints-of.js';
import { nameOfTest, testsByRule } from './coverage.js';
import type {
  AcceptedReport,
  AccessReport,
  EntryReport,
  MeshReport,
  TestReport,
  WayReport,
  WorkloadReport,
} from './mesh-report.js';
import { rulesOf } from './rules.js';
import { sayingRules } from './saying-rules.js';

/** What a run found, as far as it came. */
export type Judged = Pick<
  CompileResult,
  'ir' | 'placed' | 'manifests' | 'judged' | 'proof' | 'tests' | 'accepted' | 'acceptances' | 'diagnostics'
>;

/** All that a report is made from. */
export interface Reported extends Pick<MeshReport, 'title' | 'day' | 'state'> {
  readonly judged: Judged;
  /** The deployment, the output applied. */
  readonly topology: Topology;
  readonly graph: AccessGraph;
  readonly fromOutside: readonly FromOutside[];
  readonly frameworks: readonly Framework[];
  readonly displayPath: (path: string) => string;
}

export function meshReport(reported: Reported): MeshReport {
  const { title, day, state, judged, topology, graph, fromOutside, frameworks, displayPath } = reported;
  const { ir, placed, tests, diagnostics } = judged;
  const covered = testsByRule(tests, judged);
  const facts = {
    title,
    day,
    state,
    clusters: topology.clusters.map(({ name, settings }) => ({ name, istio: settings.istio.version })),
    findings: { errors: countOf(diagnostics, 'error'), warnings: countOf(diagnostics, 'warning') },
    proved: provedOf(judged) ?? null,
    workloads: workloadsOf(graph, sayingRules(ir)),
    crossings: graph.crossings,
    entries: fromOutside.flatMap(entriesOf),
    rules: rulesOf(judged, covered, displayPath),
    tests: tests.map((test): TestReport => {
      const { kind, claim, status, because, leavesOut = null, span } = test;
      return { kind, name: nameOfTest(test), claim, status, because, leavesOut, ...placeIn(span, displayPath) };
    }),
    accepted: acceptedOf(judged, displayPath),
    waypoints: waypointsOf({ ir, placed, topology }),
  };
  return { ...facts, compliance: frameworks.map((framework) => answerFramework(framework, facts)) };
}

function placeIn(span: Acceptance['span'], displayPath: Reported['displayPath']) {
  return { file: displayPath(span.file.path), line: lineOf(span) };
}

function workloadsOf({ ways }: AccessGraph, rulesFor: ReturnType<typeof sayingRules>): readonly WorkloadReport[] {
  const byWorkload = groupBy(ways, ({ workload }) => workload);
  const reports = [...byWorkload].map(([workload, own]): WorkloadReport => {
    const { cluster, namespace, name, mode, services } = workload;
    return {
      cluster,
      namespace,
      name,
      plane: planePhrase(mode.plane),
      because: mode.because,
      services,
      ways: own.map((way) => wayReport(way, rulesFor)),
    };
  });
  return sortBy(
    reports,
    ({ namespace }) => namespace,
    ({ name }) => name,
    ({ cluster }) => cluster,
  );
}

function wayReport(way: WayIn, rulesFor: ReturnType<typeof sayingRules>): WayReport {
  const { address, podPort, payload, points, access } = way;
  const by =
    address.kind === 'service'
      ? `Service ${address.service}:${address.port}`
      : podPort === undefined
        ? 'any other pod port'
        : `pod port ${podPort}`;
  return {
    by,
    podPort: podPort ?? null,
    carries: payload === 'http' ? 'requests' : 'connections',
    points: points.map(({ name, policies }) => ({
      name,
      policies: policies.map((policy) => `${policy.kind} ${policy.namespace}/${policy.name}`),
    })),
    access: access.map((each) => accessReport(each, way, rulesFor)),
  };
}

function accessReport(each: Access, way: WayIn, rulesFor: ReturnType<typeof sayingRules>): AccessReport {
  const { who, kind, through, asks, because = null, encryption, needsToken } = each;
  const isOthers = way.access.some((other) => other.who.kind !== 'outside' && other.who.kind !== who.kind);
  const label = who.kind === 'rest' ? `every${isOthers ? ' other' : ''} ${who.label}` : who.label;
  const many = who.kind === 'rest' ? `every ${who.label}` : who.label;
  return {
    who: label,
    kind: who.kind,
    callers: who.members.length > 0 ? who.members : [many],
    clusters: who.clusters,
    planes: who.planes,
    nobodyYet: who.isFuture,
    verdict: kind === 'not-modelled' ? 'undecided' : kind,
    through,
    asks,
    because,
    encryption,
    needsToken,
    rules: kind === 'none' ? [] : rulesFor(way, who),
  };
}

function entriesOf({ pods, entries }: FromOutside): readonly EntryReport[] {
  return entries.map(({ url, gateway, rows }) => ({
    url,
    gateway,
    pods,
    access: rows.flatMap(({ who, cells: [cell] }) =>
      cell === undefined
        ? []
        : {
            who: who.join(', ').replace('everyone outside', 'anyone outside'),
            verdict: cell.kind === 'not-modelled' ? ('undecided' as const) : cell.kind,
            through: cell.through,
            because: cell.because ?? null,
            needsToken: cell.needsToken,
          },
    ),
  }));
}

function acceptedOf(
  { acceptances, accepted }: Judged,
  displayPath: Reported['displayPath'],
): readonly AcceptedReport[] {
  const found = groupBy(accepted, ({ acceptance }: Accepted) => acceptance);
  const reports = acceptances.map((acceptance): AcceptedReport => {
    const { what, until, reason, owner = null, span } = acceptance;
    const covers = (found.get(acceptance) ?? []).map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.message}`);
    return { what, until: until?.value ?? null, reason, owner, ...placeIn(span, displayPath), covers };
  });
  return sortBy(
    reports,
    ({ until }) => until ?? '9999',
    ({ file }) => file,
    ({ line }) => line,
  );
}
