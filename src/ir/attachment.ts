/** Where a policy attaches, in Istio's own terms. */
export type Attachment =
  | { readonly kind: 'selector'; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: 'namespace' }
  | { readonly kind: 'service' | 'service-entry'; readonly name: string }
  | { readonly kind: 'gateway'; readonly name: string }
  | { readonly kind: 'gateway-class'; readonly name: string };
