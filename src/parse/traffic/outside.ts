import type { Located } from '../../diagnostics/diagnostic.js';

/** What is said of a host outside the mesh itself, beside how requests to it are treated. */
export interface OutsideHost {
  /** Where it is, in place of what DNS says; empty: as DNS says. */
  readonly addresses: ReadonlyArray<Located<string>>;
  /** The gateway by which requests leave the mesh. */
  readonly through: Located<string> | undefined;
}

/** What callers send to a port of a host, and the port on which it is asked instead. */
export interface OutsidePort {
  readonly protocol: Located<PortProtocol>;
  readonly targetPort: Located<number> | undefined;
}

export type PortProtocol = 'HTTP' | 'HTTP2' | 'GRPC' | 'HTTPS' | 'TLS' | 'TCP';
