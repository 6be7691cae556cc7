import type { NameIndex } from '../name-index.js';
import { nearNames } from '../names.js';

/**
 * What may be meant by the name of a gateway that is none: one of Istio's own Gateways is an object, and the pods that serve it are
 * the gateway; else a name like it.
 */
export function nearGateways({ istioGateways }: NameIndex, name: string, known: Iterable<string>): { help?: string } {
  const serving = istioGateways.get(name);
  if (serving === undefined) return nearNames(name, known);
  const what = `Gateway \`${name}\` is an object of \`networking.istio.io\``;
  if (serving.length === 0) return { help: `${what}: name the workload whose pods it selects, and give its manifest` };
  return { help: `${what} that pods serve: write ${serving.map((key) => `\`gateway: ${key}\``).join(' or ')}` };
}
