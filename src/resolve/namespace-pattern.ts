/**
 * Whether something called `namespace/name` is in a namespace, or in one that a pattern with a star at one end means
 * (istio-security §8.4).
 */
export function isInNamespace(pattern: string, key: string): boolean {
  const namespace = key.slice(0, key.indexOf('/'));
  if (pattern.endsWith('*')) return namespace.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? namespace.endsWith(pattern.slice(1)) : namespace === pattern;
}

export function isNamespacePattern(namespace: string): boolean {
  return namespace.includes('*');
}
