/**
 * To whom an object is exported that does not say: of the mesh's default istiod heeds `.` before `*`, and nothing
 * else (istio-security §9.4).
 * `undefined`: to all.
 */
export function exportedByDefault(defaults: readonly string[]): readonly string[] | undefined {
  if (defaults.includes('.')) return ['.'];
  return defaults.length === 0 || defaults.includes('*') ? undefined : ['~'];
}
