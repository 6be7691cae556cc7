/** Who a certificate says its holder is: a SPIFFE identity as Istio writes it. */
export interface Identity {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** `<namespace>/<service account>`. */
export function accountOf({ namespace, serviceAccount }: Pick<Identity, 'namespace' | 'serviceAccount'>): string {
  return `${namespace}/${serviceAccount}`;
}

/** `<trust domain>/ns/<namespace>/sa/<service account>`: how policies write it, without `spiffe://` (§1.3). */
export function principalOf({ trustDomain, namespace, serviceAccount }: Identity): string {
  return `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
