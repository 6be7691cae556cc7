import type { Located, Span } from '../diagnostics/diagnostic.js';

/** The ways in which the mesh can fall short of a rule, as `accept` in an intent names them. */
export const acceptancePaths = [
  'sidecarCallers',
  'gatewayCallers',
  'outsideCallers',
  'plaintextCallers',
  'unmeshedWorkloads',
  'addressesOutside',
  'sharedIdentity',
  'existingPolicies',
] as const;
export type AcceptancePath = (typeof acceptancePaths)[number];

/**
 * What somebody takes responsibility for: a gap or a finding, somewhere, until a day. It is one record wherever it is
 * written: beside a rule, in a comment, in the project file or in a baseline.
 */
export interface Acceptance {
  /** A gap by its path, or a finding by its code. */
  readonly what: string;
  readonly where: AcceptedPlace;
  /** A part of what the finding says, as the object in doubt; absent: whatever it says. */
  readonly about?: string;
  /** The last day, as YYYY-MM-DD; only a baseline may leave it open. */
  readonly until: Located<string> | undefined;
  readonly reason: string;
  readonly owner: string | undefined;
  readonly writtenIn: 'intent' | 'comment' | 'project' | 'baseline';
  /** The word that says what is accepted. */
  readonly span: Span;
}

/** Where an acceptance holds. */
export type AcceptedPlace =
  /** What is found in this part of a text; for a gap, the rule or the settings that it stands in. */
  | { readonly kind: 'text'; readonly span: Span }
  /** What is found in objects of this description: `Kind/namespace/name`, or a namespace; everywhere without either. */
  | { readonly kind: 'objects'; readonly object: string | undefined; readonly namespace: string | undefined }
  /** The one finding with this fingerprint. */
  | { readonly kind: 'finding'; readonly object: string | undefined; readonly fingerprint: string };

/** A gap that was found, and is accepted. */
export interface AcceptedGap {
  readonly acceptance: Acceptance;
  /** The rule that does not hold as it is written, and in what respect. */
  readonly gap: string;
}

/** How long it holds, in words. */
export function termOf({ until }: Pick<Acceptance, 'until'>): string {
  return until === undefined ? 'without a last day' : `until ${until.value}`;
}
