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

/** Findings that are about who gets in: by code, with what they say, and the kinds that they are asked for. */
export const securityFindings: Readonly<Record<string, { readonly says: string; readonly kinds?: readonly string[] }>> =
  {
    IST0101: { says: 'a namespace that is mentioned does not exist', kinds: ['AuthorizationPolicy'] },
    IST0103: { says: 'a pod without the proxy that its namespace asks for' },
    IST0106: {
      says: 'the object is not valid',
      kinds: ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication', 'DestinationRule', 'Sidecar'],
    },
    IST0107: { says: 'an annotation in a place where nobody reads it' },
    IST0108: { says: 'an annotation that nobody knows' },
    IST0110: { says: 'two Sidecars for one pod' },
    IST0111: { says: 'two Sidecars for one namespace' },
    IST0118: { says: 'a port name that says no protocol' },
    IST0123: { says: 'two labels that contradict each other about injection' },
    IST0125: { says: 'an annotation with a value that means nothing' },
    IST0127: { says: 'a policy that no workload is under', kinds: ['AuthorizationPolicy', 'PeerAuthentication'] },
    IST0128: { says: 'TLS without a CA to check the server by' },
    IST0129: { says: 'TLS without a CA to check the server by, for a port' },
    IST0143: { says: 'a Service port that listens on localhost alone' },
    IST0144: { says: 'a container with the user of the proxy' },
    IST0166: { says: 'a selector where targetRef is needed' },
    IST0167: { says: 'a policy without effect' },
  };

export function isSecurity({ code, kind }: Finding): boolean {
  const entry = securityFindings[code];
  return entry !== undefined && (entry.kinds?.includes(kind) ?? true);
}
