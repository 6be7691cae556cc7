import type { IstioVersion } from '../parse/mesh.js';

const inOrder: readonly IstioVersion[] = ['1.28', '1.29', '1.30', '1.31'];

/** Whether a release has what came with another one; absent: what every release has that Ambit knows. */
export function hasSince(release: IstioVersion, since: IstioVersion = '1.28'): boolean {
  return inOrder.indexOf(since) <= inOrder.indexOf(release);
}
