import { join } from 'node:path';
import type { DiagnosticName } from '../../diagnostics/catalogue.js';
import { readYaml } from '../../parse/read-yaml.js';
import type { DirectoryEntry, FileSystem } from './host.js';
import { readText } from './read-text.js';

/** What a directory is whose files are no manifests until a tool has rendered them; `undefined` for any other directory. */
export function unrenderedIn(
  files: FileSystem,
  directory: string,
  entries: readonly DirectoryEntry[],
): Extract<DiagnosticName, 'helm-chart' | 'kustomize-overlay'> | undefined {
  const names = entries.map(({ name }) => name);
  if (names.includes('Chart.yaml')) return 'helm-chart';
  const kustomization = names.find((name) => /^(?:kustomization\.ya?ml|Kustomization)$/.test(name));
  if (kustomization === undefined) return undefined;
  const content = readText(files, join(directory, kustomization), kustomization, null);
  return 'text' in content && changesItsFiles(content.text) ? 'kustomize-overlay' : undefined;
}

/** Fields that change nothing about the files that a kustomization lists. */
const harmless: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'resources', 'sortOptions']);

/** Whether what is built differs from the files that lie there: by patches, names and labels, or by files from elsewhere. */
function changesItsFiles(text: string): boolean {
  const [document] = readYaml({ path: '', text }, 'manifest').value;
  const fields: Readonly<Record<string, unknown>> = Object(document?.value);
  const { apiVersion = '', resources } = fields;
  if (apiVersion !== '' && !String(apiVersion).startsWith('kustomize.config.k8s.io/')) return false;
  const listed: readonly unknown[] = Array.isArray(resources) ? resources : [];
  return Object.keys(fields).some((name) => !harmless.has(name)) || listed.some(comesFromElsewhere);
}

function comesFromElsewhere(resource: unknown): boolean {
  return (
    typeof resource === 'string' && /^\.\.(?:\/|$)|^\/|:\/\/|^[\w.-]+\.\w+\/.*(?:\/\/|\?ref=)|^git@/.test(resource)
  );
}
