import type { JsonObject } from '../../../../src/parse/document.js';
import type { Dice } from '../dice.js';
import type { Theme } from './theme.js';

/** Labels and annotations that decide planes, waypoints and capture, well-formed and odd. */
export interface Marks {
  namespace(): JsonObject;
  waypoint(): JsonObject;
  listener(): JsonObject;
  service(): JsonObject;
  pod(): JsonObject;
  podAnnotations(): JsonObject;
  podSpec(): JsonObject;
}

/** Many where a mesh is about enrolment, what is captured where it is about clients, and hardly any elsewhere. */
export function enrolment(theme: Theme, dice: Dice): Marks {
  if (theme === 'enrolment') return oddMarks(dice);
  return theme === 'clients' ? { ...few(dice), podAnnotations: () => captureOf(dice) } : few(dice);
}

const none = () => ({});

function few(dice: Dice): Marks {
  const bypass = { 'ambient.istio.io/bypass-inbound-capture': 'true' };
  return {
    namespace: none,
    waypoint: none,
    listener: none,
    service: none,
    pod: none,
    podAnnotations: () => (dice.chance(0.05) ? bypass : {}),
    podSpec: none,
  };
}

function captureOf(dice: Dice): JsonObject {
  const ports = () => dice.list(() => dice.pick(['8080', '5432', '9090', '80'])).join(',');
  return {
    ...(dice.chance(0.2) && { 'traffic.sidecar.istio.io/excludeInboundPorts': ports() }),
    ...(dice.chance(0.1) && {
      'traffic.sidecar.istio.io/includeInboundPorts': dice.pick(['*', '', '8080', '5432,8080']),
    }),
    ...(dice.chance(0.1) && { 'traffic.sidecar.istio.io/excludeOutboundPorts': ports() }),
  };
}

type Choice = readonly [key: string, probability: number, values: readonly string[]];

function drawn(dice: Dice, choices: readonly Choice[]): JsonObject {
  return Object.fromEntries(
    choices.flatMap(([key, probability, values]) => (dice.chance(probability) ? [[key, dice.pick(values)]] : [])),
  );
}

const waypointChoices: readonly Choice[] = [
  ['istio.io/use-waypoint', 0.3, ['waypoint', 'waypoint', 'other', 'none', '', 'missing']],
  ['istio.io/use-waypoint-namespace', 0.12, ['pay', 'shop', 'nowhere', '']],
];

const namespaceChoices: readonly Choice[] = [
  ['istio.io/dataplane-mode', 0.3, ['ambient', 'ambient', 'none', 'sidecar', 'Ambient', '']],
  ['istio-injection', 0.25, ['enabled', 'enabled', 'disabled', 'true', '']],
  ['istio.io/rev', 0.15, ['default', 'canary', '']],
  ['istio.io/ingress-use-waypoint', 0.1, ['true', 'false', 'True']],
  ...waypointChoices,
];

const podChoices: readonly Choice[] = [
  ['istio.io/dataplane-mode', 0.25, ['ambient', 'none', 'sidecar', '']],
  ['sidecar.istio.io/inject', 0.25, ['true', 'false', 'True', 'yes', '']],
  ['istio.io/rev', 0.15, ['default', 'canary']],
  ['security.istio.io/tlsMode', 0.05, ['istio', 'disabled']],
  ...waypointChoices,
];

const annotationChoices: readonly Choice[] = [
  ['sidecar.istio.io/inject', 0.15, ['true', 'false', 'no']],
  ['inject.istio.io/templates', 0.04, ['gateway', 'grpc-agent', 'sidecar']],
];

const selectors: readonly JsonObject[] = [
  { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } },
  { matchLabels: { team: 'x' } },
  { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop', 'ops'] }] },
];

function oddMarks(dice: Dice): Marks {
  return {
    namespace: () => drawn(dice, namespaceChoices),
    waypoint: () =>
      drawn(dice, [['istio.io/waypoint-for', 0.5, ['service', 'workload', 'all', 'none', 'Service', '']]]),
    listener: () => admittedOf(dice),
    service: () => ({
      ...drawn(dice, waypointChoices),
      ...drawn(dice, [['istio.io/ingress-use-waypoint', 0.1, ['true', 'false']]]),
    }),
    pod: () => drawn(dice, podChoices),
    podAnnotations: () => drawn(dice, annotationChoices),
    podSpec: () => (dice.chance(0.06) ? { hostNetwork: true } : {}),
  };
}

function admittedOf(dice: Dice): JsonObject {
  const from = dice.pick([undefined, undefined, 'Same', 'All', 'Selector']);
  if (from === undefined) return {};
  return { allowedRoutes: { namespaces: { from, ...(from === 'Selector' && { selector: dice.pick(selectors) }) } } };
}
