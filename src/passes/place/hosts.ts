import type { Condition } from '../../parse/ast.js';

/**
 * Istio compares the whole Host header, port included (istio-security §1.4). An exact host is matched with every port by
 * a second value; a prefix pattern covers the port already; a suffix is matched with the ports that callers may write.
 */
export function withPorts(conditions: readonly Condition[], ports: readonly number[]): Condition[] {
  return conditions.map((condition) => {
    if (condition.key !== 'hosts') return condition;
    const values = condition.values.flatMap((host) =>
      spellings(host.value, ports).map((value) => ({ ...host, value })),
    );
    return { ...condition, values };
  });
}

function spellings(host: string, ports: readonly number[]): string[] {
  if (host.endsWith('*')) return [host];
  return host.startsWith('*') ? [host, ...ports.map((port) => `${host}:${port}`)] : [host, `${host}:*`];
}
