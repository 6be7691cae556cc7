/** What an analyzer of `istioctl analyze` says of an object. */
export interface Finding {
  readonly code: string;
  readonly kind: string;
  /** `namespace/name`, or the name alone. */
  readonly name: string;
  readonly text: string;
}

/** Reads `IST0101 Error (AuthorizationPolicy shop/api): …`. A finding about no object is none of ours. */
export function findingIn(line: string): readonly Finding[] {
  const match = /^(IST\d+) \w+ \((\w+) ([^)]+)\): (.*)$/s.exec(line);
  if (match === null) return [];
  const [, code = '', kind = '', name = '', text = ''] = match;
  return [{ code, kind, name, text }];
}

interface SecurityFinding {
  readonly says: string;
  /** The kinds at which it is asked for; all where none is named. */
  readonly kinds?: readonly string[];
  /** Why Ambit does not speak of all that it finds. */
  readonly unsaid?: string;
}

/** Findings that are about who gets in, by code. */
export const securityFindings: Readonly<Record<string, SecurityFinding>> = {
  IST0101: { says: 'a namespace that is mentioned does not exist', kinds: ['AuthorizationPolicy'] },
  IST0103: {
    says: 'a pod without the proxy that its namespace asks for',
    unsaid: 'the pod is taken as it runs, outside the mesh, and `topology` shows it so',
  },
  IST0106: {
    says: 'the object is not valid',
    kinds: ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication', 'DestinationRule', 'Sidecar'],
  },
  IST0107: { says: 'an annotation in a place where nobody reads it', unsaid: 'none of these decides who gets in' },
  IST0108: { says: 'an annotation that nobody knows', unsaid: 'none of these decides who gets in' },
  IST0110: { says: 'two Sidecars for one pod' },
  IST0111: { says: 'two Sidecars for one namespace' },
  IST0123: {
    says: 'labels of a namespace that contradict each other about injection',
    unsaid: 'which label wins is known; it is told where a revision is not, and where a pod is meant otherwise',
  },
  IST0125: { says: 'an annotation with a value that means nothing', unsaid: 'none of these decides who gets in' },
  IST0127: { says: 'a policy that no workload is under', kinds: ['AuthorizationPolicy', 'PeerAuthentication'] },
  IST0128: { says: 'TLS without a CA to check the server by' },
  IST0129: { says: 'TLS without a CA to check the server by, for a port' },
  IST0144: {
    says: 'a container with the user of the proxy',
    unsaid: 'it is a doubt where the pod has a sidecar, and these have none',
  },
  IST0166: {
    says: 'a selector for a Gateway, where a reference is meant',
    unsaid: 'the selector counts with the flags that are the default',
  },
  IST0167: { says: 'a policy without effect' },
};

export function isSecurity({ code, kind }: Finding): boolean {
  const entry = securityFindings[code];
  return entry !== undefined && (entry.kinds?.includes(kind) ?? true);
}
