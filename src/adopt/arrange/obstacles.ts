/** What has turned out not to be sayable so far, and why. Each round of the proof adds to it. */
export interface Obstacles {
  /** Policies that stay as they are, by their key. */
  readonly policies: ReadonlyMap<string, string>;
  /** Subjects whose ALLOW policies all stay as they are: what is allowed is the union of them. */
  readonly subjects: ReadonlyMap<string, string>;
  /** Rules that are left out because the compiler has no use for them, until the proof says that they had an effect. */
  readonly rules: ReadonlyMap<string, string>;
  /** Routes that no request comes to, which are left out. */
  readonly routes: ReadonlyMap<string, string>;
}

export const noObstacles: Obstacles = { policies: new Map(), subjects: new Map(), rules: new Map(), routes: new Map() };

/** A rule of a policy, by its place among those that were made of it. */
export function ruleId(policy: string, index: number): string {
  return `${policy} ${index}`;
}

/** A route by its name, and that of the settings in which it stands. */
export function routeId(settings: string, route: string): string {
  return `${settings} ${route}`;
}
