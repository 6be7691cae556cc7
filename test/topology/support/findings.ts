import { expect, test } from 'vitest';
import type { IstioSettings } from '../../../src/parse/mesh.js';
import { ambient, documents, namespace, useWaypoint } from './builders.js';
import { finding, topologyOf } from './topology.js';

/** The namespace of most manifests of a test: ambient, and ambient with a waypoint. */
export const shop = namespace('shop', ambient);
export const bound = namespace('shop', { ...ambient, ...useWaypoint });

export interface Case {
  readonly law: string;
  readonly text: readonly string[];
  /** The codes with the text that they underline, in the order of the text. */
  readonly expected: readonly string[];
  readonly istio?: Partial<IstioSettings>;
}

/** One test a case: the manifests yield these findings and no other. */
export function check(cases: readonly Case[]): void {
  test.each(cases)('$law', ({ text, expected, istio = {} }) => {
    expect(topologyOf(documents(...text), istio).diagnostics.map(finding)).toEqual(expected);
  });
}
