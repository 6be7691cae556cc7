import { join, resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import type { Framework } from '../../parse/framework.js';
import { parseSources } from '../../parse/parse-sources.js';
import { groupBy } from '../../util/order.js';
import type { Host } from '../files/host.js';
import { exists } from '../files/output-tree.js';
import { readText } from '../files/read-text.js';

/** The frameworks that come with Ambit, by name. */
export const shippedFrameworks = ['nist-800-204b', 'pci-dss-4'] as const;

/** Reads frameworks by the names of those that come with Ambit, or from files. */
export function readFrameworks(host: Host, named: readonly string[]): Result<readonly Framework[]> {
  const results = named.map((name) => readOne(host, name));
  return {
    value: results.flatMap(({ value }) => value),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

function readOne(host: Host, name: string): Result<readonly Framework[]> {
  const isShipped = shippedFrameworks.some((each) => each === name);
  const path = isShipped
    ? join(host.packageDirectory, 'docs/frameworks', `${name}.yaml`)
    : resolve(host.workingDirectory, name);
  if (!isShipped && !exists(host.files, path)) return { value: [], diagnostics: [notThere(name)] };
  const content = readText(host.files, path, name, null);
  if ('fault' in content) return { value: [], diagnostics: [content.fault] };
  const { value, diagnostics } = parseSources([{ path: name, text: content.text }]);
  if (hasErrors(diagnostics)) return { value: [], diagnostics };
  if (value.frameworks.length === 0)
    return { value: [], diagnostics: [diagnostic('no-framework', { path: name }, null)] };
  return { value: value.frameworks, diagnostics: value.frameworks.flatMap(doubledControls) };
}

function notThere(name: string): Diagnostic {
  return diagnostic('unknown-framework', { name, known: shippedFrameworks.join(', ') }, null);
}

/** Of two controls with one id nobody could tell which of them is evidenced. */
function doubledControls({ controls }: Framework): readonly Diagnostic[] {
  const groups = [...groupBy(controls, ({ id }) => id.value)];
  return groups.flatMap(([id, [, ...others]]) =>
    others.map((other) => diagnostic('control-doubled', { id }, other.id.span)),
  );
}
