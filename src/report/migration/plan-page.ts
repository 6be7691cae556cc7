import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { assumptionsOf, type Cost, type CostAssumptions, type CostOptions, costOf } from '../../migrate/cost.js';
import type { Phase } from '../../migrate/plan/phase.js';
import type { MigrationPlan } from '../../migrate/plan/plan.js';
import { phaseCommands, rollbackCommands } from '../../migrate/plan/plan-files.js';
import type { CompileResult } from '../../pipeline.js';
import { waypointsOf } from '../waypoints/waypoints-of.js';
import { counted } from '../words.js';
import { costTable } from './cost-table.js';

/** What a page says beside the plan itself. */
export interface PlanRemarks {
  readonly gaps: readonly Diagnostic[];
  readonly cost: readonly string[];
  /** What is to be done first, of this mesh alone. */
  readonly before: readonly string[];
}

/** The plan as a page in Markdown: what to do, which states it leads through, and the way back. */
export function planPage(plan: MigrationPlan, { gaps, cost, before }: PlanRemarks): string {
  const title = plan.target === 'ambient' ? '# From sidecars to ambient' : '# From ambient back to sidecars';
  return `${[
    title,
    planSummary(plan, gaps),
    '## Before you begin',
    [...before, ...preparations(plan)].map((line) => `- ${line}`).join('\n'),
    ...plan.phases.map((phase) => phaseSection(phase, plan.clusters)),
    '## What is not as the intents say on the way',
    gaps.length === 0 ? 'Nothing.' : gaps.map(gapItem).join('\n'),
    '## What it costs',
    cost.join('\n'),
  ].join('\n\n')}\n`;
}

/** The whole of it in a sentence. */
export function planSummary({ phases, waves, states }: MigrationPlan, gaps: readonly Diagnostic[]): string {
  const namespaces = waves.flatMap((wave) => wave.namespaces).length;
  const workloads = waves.flatMap(({ restarts }) => restarts.flatMap((restart) => restart.workloads)).length;
  const what = `${counted(workloads, 'workload')} in ${counted(namespaces, 'namespace')} ${workloads === 1 ? 'moves' : 'move'} in ${counted(phases.length, 'phase')}`;
  const proved = `${counted(states, 'state')} on the way proved`;
  return `${what}; ${proved}, ${gaps.length === 0 ? 'and each does what the intents say' : `with ${counted(gaps.length, 'gap')}`}.`;
}

function preparations(plan: MigrationPlan): readonly string[] {
  const { target, clusters } = plan;
  const contexts =
    clusters.length > 1 ? [`\`kubectl\` has a context for each cluster, of its name: ${clusters.join(', ')}.`] : [];
  if (target === 'sidecar') {
    return [
      ...contexts,
      whatIsChecked('ambit migrate check --to sidecar', plan),
      'The injector of sidecars runs: `kubectl get mutatingwebhookconfigurations`.',
      ...always,
    ];
  }
  return [
    ...contexts,
    whatIsChecked('ambit migrate check', plan),
    'The CRDs of the Gateway API are installed.',
    'Istio is installed with ambient: istiod, istio-cni and ztunnel (`istioctl install --set profile=ambient`).',
    'Every sidecar has been restarted since, so that it listens on HBONE: `kubectl rollout restart deployment --namespace …`.',
    'NetworkPolicies let TCP 15008 through between pods of the mesh.',
    ...always,
  ];
}

/** What a check finds now is no more once the plan begins. */
function whatIsChecked(command: string, { blockers, prerequisites }: MigrationPlan): string {
  const found = [...blockers, ...prerequisites].map(({ code, message }) => `  - ${code}: ${message}`);
  return [
    `\`${command}\` finds nothing that stands in the way${found.length === 0 ? '.' : '. Now it does, and this is mended first:'}`,
    ...found,
  ].join('\n');
}

const always = [
  'Nothing restarts pods by itself in the meantime, as far as that can be: between the labels and the last restart a pod that starts ' +
    'out of turn is on the other plane before its callers, which is none of the states that are proved.',
  'What the project compiles to now is applied, and its own pipeline writes nothing of it until the plan is done.',
  'A phase is taken back once it is done, the last one first. That leads to the state before it, through states of the way there and ' +
    'those that are named as proved below the way back.',
];

function phaseSection(phase: Phase, clusters: readonly string[]): string {
  const { name, title, states, rollback } = phase;
  return [
    `## ${name}: ${title}`,
    commandBlock(phaseCommands(phase, clusters)),
    ...provedStates(states),
    'The way back:',
    commandBlock(rollbackCommands(phase, clusters)),
    ...provedStates(rollback.states),
  ].join('\n\n');
}

function provedStates(states: Phase['states']): readonly string[] {
  return states.length === 0 ? [] : [`Proved: ${states.map(({ title }) => title).join('; ')}.`];
}

function commandBlock(commands: readonly string[]): string {
  return ['```sh', ...commands, '```'].join('\n');
}

function gapItem({ code, message, witness }: Diagnostic): string {
  return `- ${code}: ${message}${witness === undefined ? '' : `; ${witness}`}`;
}

/** What proxies ask for before and after, as a table. */
export function costOfPlan(plan: MigrationPlan, options: CostOptions): readonly string[] {
  const costs = costsOfPlan(plan, options);
  return costs === undefined ? [] : costTable(costs.before, costs.after, costs.assumptions);
}

export interface PlanCosts {
  readonly before: Cost;
  readonly after: Cost;
  readonly assumptions: CostAssumptions;
}

export function costsOfPlan({ before, after }: MigrationPlan, options: CostOptions): PlanCosts | undefined {
  if (before.topology === undefined || after.topology === undefined) return undefined;
  const assumptions = assumptionsOf(before.topology, options);
  const cost = (result: CompileResult) => result.topology && costOf(result.topology, replicasIn(result), assumptions);
  const [was, is] = [cost(before), cost(after)];
  return was && is ? { before: was, after: is, assumptions } : undefined;
}

/** Of each waypoint; what is known of one that Ambit does not write is that it is there. */
function replicasIn(result: CompileResult): readonly number[] {
  return waypointsOf(result).map(({ pods }) => pods?.replicas ?? 1);
}
