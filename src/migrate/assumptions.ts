import { mebibytesIn, millicoresIn } from '../util/quantity.js';

/**
 * What is assumed of proxies: what the charts of Istio ask for one pod (C-06), what it takes for a thousand requests a second
 * (C-01), how many pods a waypoint has, and how many stand on a node that nobody counted. CPU in
 * thousandths, memory in Mi.
 */
const usual = {
  'sidecar.cpu': 100,
  'sidecar.memory': 128,
  'sidecar.load': 200,
  'waypoint.cpu': 100,
  'waypoint.memory': 128,
  'waypoint.load': 250,
  'waypoint.replicas': 1,
  'ztunnel.cpu': 200,
  'ztunnel.memory': 512,
  'ztunnel.load': 60,
  'node.pods': 30,
} as const;

export type Assumable = keyof typeof usual;

/** What somebody says of them. */
export type Assumptions = Readonly<Partial<Record<Assumable, number>>>;

export const assumables = Object.keys(usual).filter(isAssumable);

export function isAssumable(name: string): name is Assumable {
  return name in usual;
}

export function amountOf(assumptions: Assumptions, what: Assumable): number {
  return assumptions[what] ?? usual[what];
}

interface Measure {
  /** What is to be written, as a sentence goes on. */
  readonly written: string;
  read(text: string): number | undefined;
}

const cpu: Measure = { written: 'CPU, as in `100m` or `0.5`', read: millicoresIn };
const memory: Measure = { written: 'memory, as in `128Mi` or `1Gi`', read: mebibytesIn };
const count: Measure = {
  written: 'a whole number from 1 on',
  read: (text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined),
};

/** How an amount of it is written. */
export function measureOf(what: Assumable): Measure {
  if (what.endsWith('.memory')) return memory;
  return what.endsWith('.replicas') || what.endsWith('.pods') ? count : cpu;
}
