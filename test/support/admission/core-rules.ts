import type { JsonObject } from '../../../src/parse/document.js';
import { objectAt, objectsAt, type Placed } from './json.js';
import { configKey, dnsLabel, labelValue, portName, qualifiedName } from './names.js';

const configBudget = 1024 * 1024;

/** Kubernetes' own rules for a Service: ports, their names, and a selector made of labels. */
export function checkService(service: JsonObject): readonly string[] {
  const spec = objectAt(service, 'spec');
  const ports = objectsAt(spec, 'ports', 'spec');
  const portless = spec.type === 'ExternalName' || spec.clusterIP === 'None';
  return [
    ...(ports.length === 0 && !portless ? ['spec.ports: required'] : []),
    ...(spec.type === 'ExternalName' && spec.externalName === undefined ? ['spec.externalName: required'] : []),
    ...checkPortNames(ports),
    ...ports.flatMap(({ path, value }) => checkTargetPort(path, value)),
    ...checkSelector(objectAt(spec, 'selector'), 'spec.selector'),
  ];
}

function checkPortNames(ports: readonly Placed<JsonObject>[]): readonly string[] {
  const names = ports.map(({ value }) => value.name);
  return ports.flatMap(({ path, value: { name } }, index) => {
    if (name === undefined) return ports.length > 1 ? [`${path}.name: required where there are several ports`] : [];
    const repeated = names.indexOf(name) < index ? [`${path}.name: duplicate value \`${name}\``] : [];
    return [...repeated, ...placed(`${path}.name`, dnsLabel(String(name)))];
  });
}

function checkTargetPort(path: string, { targetPort }: JsonObject): readonly string[] {
  if (typeof targetPort === 'string') return placed(`${path}.targetPort`, portName(targetPort));
  if (targetPort === undefined || (Number(targetPort) >= 1 && Number(targetPort) <= 65535)) return [];
  return [`${path}.targetPort: must be between 1 and 65535`];
}

function checkSelector(labels: JsonObject, path: string): readonly string[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...placed(path, qualifiedName(key)),
    ...placed(`${path}.${key}`, labelValue(String(value))),
  ]);
}

/** A ConfigMap's keys are file names, and it holds at most 1 MiB. */
export function checkConfigMap(map: JsonObject): readonly string[] {
  const data = { ...objectAt(map, 'data'), ...objectAt(map, 'binaryData') };
  const size = Object.values(data).reduce<number>((total, value) => total + Buffer.byteLength(String(value)), 0);
  return [
    ...Object.keys(data).flatMap((key) => placed('data', configKey(key))),
    ...(size > configBudget ? [`data: ${size} bytes, at most ${configBudget}`] : []),
  ];
}

/** A PodDisruptionBudget sets one bound, not both. */
export function checkDisruptionBudget(budget: JsonObject): readonly string[] {
  const spec = objectAt(budget, 'spec');
  const both = spec.minAvailable !== undefined && spec.maxUnavailable !== undefined;
  const bounds = Object.entries(spec).filter(([key]) => key === 'minAvailable' || key === 'maxUnavailable');
  return [
    ...(both ? ['spec: minAvailable and maxUnavailable cannot be both set'] : []),
    ...bounds.flatMap(([key, value]) =>
      /^(\d+|\d{1,2}%|100%)$/.test(String(value)) ? [] : [`spec.${key}: \`${value}\` is not a count or a percentage`],
    ),
    ...checkSelector(objectAt(objectAt(spec, 'selector'), 'matchLabels'), 'spec.selector.matchLabels'),
  ];
}

function placed(path: string, fault: string | undefined): readonly string[] {
  return fault === undefined ? [] : [`${path}: ${fault}`];
}
