import type { JsonObject } from '../../parse/document.js';
import { loadYaml } from '../../parse/load-yaml.js';
import { openFieldOf } from '../../topology/proxy-config.js';
import { asObject } from '../json.js';

/** Whether the annotation that holds a pod's own ProxyConfig leaves open what its proxy does; one that is no YAML does. */
export function isOpenConfig(annotation: string): boolean {
  const read = loadYaml(annotation, 'last');
  return read.kind === 'failure' || openFieldOf(asObject(read.value as JsonObject) ?? {}) !== undefined;
}
