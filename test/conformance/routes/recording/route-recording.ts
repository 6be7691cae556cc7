import type { RecordedCluster } from '../../answers/recording.js';
import {
  readDestination,
  readPayload,
  readSource,
  spellDestination,
  spellPayload,
  spellSource,
} from '../../answers/spelling.js';
import type { JudgeAnswer, JudgeEnd } from '../../contract.js';
import type { Followed } from '../answers/compare-ends.js';
import { type Configuration, configurationOf } from '../answers/compare-settings.js';
import type { Configured } from '../answers/settings.js';
import type { RoutedStanding } from '../cases/routed.js';

/** What was asked of one cluster, and where Istio and Envoy led it. */
export interface RouteRecording extends RecordedCluster {
  /** What istiod told proxies of routes and clusters, each once. */
  readonly rules: readonly Configured[];
  readonly settings: readonly Configured[];
  readonly rows: readonly RecordedRow[];
}

/** Source, destination, payload, and the ends. */
export type RecordedRow = readonly [string, string, object | string, readonly RecordedEnd[]];

/** What is as it was sent is left out; rules and settings are positions in the lists. */
export type RecordedEnd = Omit<JudgeEnd, 'rule' | 'settings'> & { readonly rule?: number; readonly settings?: number };

const recordedRequests = 45;

/** Requests as evenly as they come, but for those about which both sides differ. */
export function routeRecordingOf(
  { name, cluster, mesh, objects }: RoutedStanding,
  answer: JudgeAnswer,
  compared: readonly Followed[],
): RouteRecording {
  const { istio, envoy } = answer;
  const settled = compared.filter(({ relation }) => relation === 'same' || relation === 'denied otherwise');
  const step = Math.max(1, Math.ceil(settled.length / recordedRequests));
  const table = tableOf(configurationOf(answer));
  const rows = settled.filter((_, index) => index % step === 0).map((each) => rowOf(each, table));
  return { name, istio, envoy, cluster, mesh, objects, rules: table.rules.all, settings: table.settings.all, rows };
}

interface Table {
  readonly rules: Numbering;
  readonly settings: Numbering;
}

/** Numbers what is mentioned, each once. */
interface Numbering {
  readonly all: Configured[];
  numberOf(name: string | undefined): number | undefined;
}

function tableOf({ rules, settings }: Configuration): Table {
  return { rules: numbering(rules), settings: numbering(settings) };
}

function numbering(named: Readonly<Record<string, Configured>>): Numbering {
  const all: Configured[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    numberOf: (name = '') => {
      const configured = named[name];
      if (configured === undefined) return undefined;
      const text = JSON.stringify(configured);
      const number = numbers.get(text) ?? all.push(configured) - 1;
      numbers.set(text, number);
      return number;
    },
  };
}

function rowOf({ request: { source, destination, payload }, judge }: Followed, table: Table): RecordedRow {
  const ends: readonly JudgeEnd[] = judge.ends ?? [{ judge: judge.judge }];
  const recorded = ends.map((end) => endOf(end, table));
  return [spellSource(source), spellDestination(destination), spellPayload(payload), recorded];
}

function endOf({ rule, settings, headers, ...end }: JudgeEnd & { readonly by?: string }, table: Table): RecordedEnd {
  const { by: _, ...told } = end;
  const numbers = { rule: table.rules.numberOf(rule), settings: table.settings.numberOf(settings) };
  return {
    ...told,
    ...(headers !== undefined && { headers }),
    ...(numbers.rule !== undefined && { rule: numbers.rule }),
    ...(numbers.settings !== undefined && { settings: numbers.settings }),
  };
}

/** JSON with one item a line, so that a difference between two recordings can be read. */
export function textOfRecording(recording: RouteRecording): string {
  const fields = Object.entries(recording).map(([key, value]) => `${JSON.stringify(key)}: ${linesOf(value)}`);
  return `{\n${fields.join(',\n')}\n}\n`;
}

function linesOf(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.length === 0 ? '[]' : `[\n${value.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}

export function readRow([source, destination, payload, ends]: RecordedRow, cluster: string) {
  const request = {
    source: readSource(source, cluster),
    destination: readDestination(destination, cluster),
    payload: readPayload(payload),
  };
  const told = ends.map(
    ({ rule, settings, ...end }): JudgeEnd => ({ ...end, ...named('rule', rule), ...named('settings', settings) }),
  );
  return { request, ends: told };
}

function named<K extends string>(key: K, number: number | undefined): { readonly [key in K]?: string } {
  return number === undefined ? {} : ({ [key]: String(number) } as { readonly [key in K]?: string });
}
