import type { ExtensionProvider } from '../parse/mesh.js';
import type { Decision } from './decide/decision.js';
import type { HopTrace } from './policies/decide-hop.js';

/**
 * A decision where no external authorizer answers: one that fails open lets pass, any other refuses (§7). Where no
 * MeshConfig is declared nobody knows which of the two it is.
 */
export function withoutAuthorizers(decision: Decision): Decision {
  const { verdict, trace } = decision;
  if (verdict.kind !== 'allowed' || verdict.asks.length === 0) return decision;
  const closed = trace.map((hop) => asked(hop).find(({ settings }) => settings?.failOpen === false));
  const index = closed.findIndex((found) => found !== undefined);
  const refusing = closed[index];
  if (refusing?.settings !== undefined) return refusedBy(refusing.settings, index, decision);
  const unknown = trace.flatMap(asked).filter(({ settings }) => settings === undefined);
  if (unknown.length === 0) return { ...decision, verdict: { kind: 'allowed', asks: [] } };
  const names = unknown.map(({ name }) => `\`${name}\``).join(', ');
  const because = `whether provider ${names} fails open; \`extensionProviders\` of the Mesh document can say it (§7)`;
  return { ...decision, verdict: { kind: 'not-modelled' }, because };
}

interface Asked {
  readonly name: string;
  readonly settings: ExtensionProvider | undefined;
}

function asked({ hop, outcome }: HopTrace): readonly Asked[] {
  const declared = hop.mesh.cluster.settings.istio.extensionProviders;
  const names = outcome.kind === 'passes' ? outcome.asks : [];
  return names.map((name) => ({ name, settings: declared?.find((provider) => provider.name === name) }));
}

function refusedBy({ name, statusOnError }: ExtensionProvider, index: number, decision: Decision): Decision {
  const because = `external authorizer \`${name}\` does not answer, and does not fail open (§7)`;
  const outcome = { kind: 'denied', because, response: 'forbidden', providers: [name] } as const;
  const trace = decision.trace.flatMap((hop, at): readonly HopTrace[] => {
    if (at > index) return [];
    return [at === index ? { ...hop, outcome } : hop];
  });
  return { ...decision, verdict: { kind: 'denied', response: 'forbidden', status: statusOnError }, because, trace };
}
