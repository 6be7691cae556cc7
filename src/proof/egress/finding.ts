import type { Decision } from '../../mesh/decide/decision.js';
import type { EgressSubject } from './subjects.js';

/** What was compared of calls out of the mesh, and every one that does not go as settings say. */
export interface EgressProof {
  readonly subjects: readonly EgressSubject[];
  readonly findings: readonly EgressFinding[];
}

/** A call out of the mesh that does not go as settings say, or of which nobody knows how it goes. */
export interface EgressFinding {
  readonly kind: 'too-much' | 'too-little' | 'unknown';
  readonly subject: EgressSubject;
  /** What is called, in words. */
  readonly what: string;
  /** Absent where it is about all addresses. */
  readonly decision?: Decision;
}
