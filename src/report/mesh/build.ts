import type { Accepted } from '../../acceptances/settle.js';
import type { AccessGraph } from '../../access/access-graph.js';
import type { Acceptance } from '../../parse/acceptance.js';
import type { Framework } from '../../parse/framework.js';
import type { CompileResult } from '../../pipeline.js';
import type { Topology } from '../../topology/model.js';
import type { FromOutside } from '../../trace/matrix/from-outside.js';
import { groupBy, sortBy } from '../../util/order.js';
import { answerFramework } from '../compliance/answer.js';
import { countOf } from '../order.js';
import { provedOf } from '../proved.js';
import { lineOf } from '../trace/line-of.js';
import { waypointsOf } from '../waypoints/waypoints-of.js';
import { entriesOf, gatewaysOf, hostsOf, workloadsOf } from './access-reports.js';
import { nameOfTest, testsByRule } from './coverage.js';
import type { AcceptedReport, MeshReport, TestReport } from './mesh-report.js';
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
  const saying = sayingRules(ir);
  const facts = {
    title,
    day,
    state,
    clusters: topology.clusters.map(({ name, settings }) => ({ name, istio: settings.istio.version })),
    findings: { errors: countOf(diagnostics, 'error'), warnings: countOf(diagnostics, 'warning') },
    proved: provedOf(judged) ?? null,
    workloads: workloadsOf(graph, saying),
    crossings: graph.crossings,
    entries: fromOutside.flatMap(entriesOf),
    gateways: gatewaysOf(graph, fromOutside, saying),
    hosts: hostsOf(graph, saying),
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
