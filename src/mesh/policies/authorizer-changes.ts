import type { MeshCluster } from '../mesh.js';
import type { HttpView } from '../view.js';
import { type TextMatcher, textMatcher } from './matcher.js';

/** What an external authorizer may make of a request that it lets pass (§7). */
export interface Changes {
  /** The headers that it may write; `undefined` where it may change anything. */
  readonly headers: readonly TextMatcher[] | undefined;
  readonly why: string;
}

/** As the Mesh document declares it. Of a provider of which nobody says what it adds, everything is in doubt. */
export function changesOf(provider: string, { cluster, authorizersDown, asAuthorizersLeave }: MeshCluster): Changes {
  const declared = cluster.settings.istio.extensionProviders?.find(({ name }) => name === provider);
  const written = declared?.headersToUpstreamOnAllow;
  const names = authorizersDown || (asAuthorizersLeave && written) ? [] : written;
  const headers = names?.map((name) => textMatcher(name, true));
  const why = `what external authorizer \`${provider}\` adds to the request`;
  const told = ' (§7; `headersToUpstreamOnAllow` in the Mesh document can say it)';
  return { headers, why: headers === undefined ? why + told : why };
}

export function withChanges(http: HttpView, { headers, why }: Changes): HttpView {
  if (headers === undefined) return { ...http, requestDoubt: http.requestDoubt ?? why };
  return { ...http, headerDoubts: [...http.headerDoubts, ...headers.map((name) => ({ name, why }))] };
}
