import type { PeerAuthentication, PeerMode } from '../../mesh/policies/policy.js';
import type { MtlsMode } from '../../parse/ast.js';
import type { Unsaid } from './lifted.js';

/** What a PeerAuthentication says, in the words of the language. */
export interface LiftedPeers {
  readonly mode: MtlsMode;
  /** Ports of the pods that take plaintext all the same. */
  readonly plaintext: readonly number[];
}

const modes: Readonly<Record<Exclude<PeerMode, 'UNSET'>, MtlsMode>> = {
  STRICT: 'Strict',
  PERMISSIVE: 'Permissive',
  DISABLE: 'Disabled',
};

/** `inherited`: the mode of the wider scope, which holds where the policy has none. */
export function liftPeers(
  { mode: written, ports }: PeerAuthentication,
  inherited: Exclude<PeerMode, 'UNSET'>,
): LiftedPeers | Unsaid {
  const mode = written === 'UNSET' ? inherited : written;
  const others = ports.filter((port) => port.mode !== 'UNSET' && port.mode !== mode);
  const plaintext = others.filter((port) => port.mode === 'PERMISSIVE').map(({ port }) => port);
  const foreign = others.find((port) => mode !== 'STRICT' || port.mode !== 'PERMISSIVE');
  if (foreign === undefined) return { mode: modes[mode], plaintext };
  const place = ['spec', 'portLevelMtls', String(foreign.port)];
  return { because: `one port is ${foreign.mode} where the others are ${mode}`, path: place };
}
