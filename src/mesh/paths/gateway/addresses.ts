import type { Gateway } from '../../../topology/model.js';
import type { Caller } from '../caller.js';
import type { Addresses, Hop, SeenAddress } from '../hops.js';

/**
 * Whose addresses a gateway sees (§1.3). `ipBlocks` compare whoever opened the connection: the last proxy before the
 * gateway, where there are some. `remoteIpBlocks` compare the client as the PROXY protocol or X-Forwarded-For tells it,
 * which only clients from outside come by; who calls from the cluster writes that header as it likes.
 */
export function addressesAt({ topology }: Gateway, { cluster }: Caller, chain: Hop['chain']): Addresses {
  if (topology.proxyProtocol === undefined && topology.numTrustedProxies === undefined) {
    return { peer: 'caller', client: unknown(undeclared) };
  }
  const { numTrustedProxies: proxies = 0, proxyProtocol = false } = topology;
  const isOutside = cluster === undefined;
  const hasProxies = proxyProtocol || proxies > 0;
  const peer = isOutside && hasProxies ? unknown('the address of the proxy before the gateway') : 'caller';
  if (proxyProtocol || (proxies === 0 && chain === 'http')) return { peer, client: 'caller' };
  if (chain === 'tcp') return { peer, client: peer };
  return { peer, client: isOutside ? 'caller' : unknown('what the caller writes into X-Forwarded-For') };
}

const undeclared =
  'how many proxies before the gateway are trusted, for the Mesh document does not say `numTrustedProxies`';

function unknown(why: string): SeenAddress {
  return { why };
}
