import { printManifest } from '../emit/print-yaml.js';
import type { JsonObject } from '../parse/document.js';
import type { ExtensionProvider } from '../parse/mesh.js';
import type { Topology } from '../topology/model.js';
import { providerHost } from '../topology/provider-host.js';

/** What the MeshConfig of each cluster has to hold for what the Mesh document declares: to be merged, for Ambit writes none. */
export function meshConfigToText({ mesh, clusters }: Topology): string {
  const fragments = clusters.map(({ name, settings }) => {
    const providers = (settings.istio.extensionProviders ?? []).flatMap(
      (each) => entryOf(each, mesh.clusterDomain) ?? [],
    );
    if (providers.length === 0) return `# The Mesh document describes nothing of the MeshConfig of cluster ${name}\n`;
    const header = [`to be merged into the MeshConfig of cluster ${name}`];
    return printManifest({ object: { extensionProviders: providers }, header, comments: [] });
  });
  return fragments.join('---\n');
}

/** As istiod reads it; `undefined` where the Mesh document describes it in part, or a manifest holds it already. */
function entryOf(provider: ExtensionProvider, clusterDomain: string): JsonObject | undefined {
  const { name, asked, span, failOpen, statusOnError, headersToUpstreamOnAllow = [], settings } = provider;
  if (asked === undefined || span === undefined) return undefined;
  const fields = {
    service: providerHost(asked.service, clusterDomain),
    port: asked.port,
    ...(failOpen && { failOpen }),
    ...(statusOnError !== 403 && { statusOnError: String(statusOnError) }),
    ...(asked.kind === 'http' && headersToUpstreamOnAllow.length > 0 && { headersToUpstreamOnAllow }),
    ...settings,
  };
  return { name, [asked.kind === 'http' ? 'envoyExtAuthzHttp' : 'envoyExtAuthzGrpc']: fields };
}
