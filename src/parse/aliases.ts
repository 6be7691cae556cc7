import { maximumDepth, maximumNodes } from './load-yaml.js';

/** Why a value cannot be walked: nothing, or the bound that it breaks. */
type Expansion = 'bounded' | 'excessive-aliases' | 'nested-too-deeply' | 'cyclic-alias';

interface Size {
  readonly nodes: number;
  readonly height: number;
}

/** Whether a text can make one value appear in two places. Without that, a value is never larger than its text. */
export function hasAliases(text: string): boolean {
  return text.includes('&') && /(?:^|[\s,:?[{-])\*[^\s,[\]{}]/.test(text);
}

/**
 * Measures a value with every alias written out, in time linear in what is written: aliases can make a few lines
 * stand for billions of values, and whoever walks the value would never return.
 */
export function measureExpansion(root: unknown): Expansion {
  const sizes = new Map<object, Size | 'open'>();

  function measure(value: unknown, depth: number): Size | Exclude<Expansion, 'bounded'> {
    if (typeof value !== 'object' || value === null) return { nodes: 1, height: 0 };
    const known = sizes.get(value);
    if (known === 'open') return 'cyclic-alias';
    if (depth + (known?.height ?? 0) > maximumDepth) return 'nested-too-deeply';
    if (known) return known;
    sizes.set(value, 'open');
    let nodes = 1;
    let height = 0;
    for (const child of Object.values(value)) {
      const size = measure(child, depth + 1);
      if (typeof size === 'string') return size;
      nodes += size.nodes;
      height = Math.max(height, size.height + 1);
      if (nodes > maximumNodes) return 'excessive-aliases';
    }
    const size = { nodes, height };
    sizes.set(value, size);
    return size;
  }

  const size = measure(root, 0);
  return typeof size === 'string' ? size : 'bounded';
}
