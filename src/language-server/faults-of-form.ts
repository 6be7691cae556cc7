import { diagnostic } from '../diagnostics/create.js';
import type { Diagnostic, SourceFile } from '../diagnostics/diagnostic.js';
import { parseSources } from '../parse/parse-sources.js';

/** What is wrong with the form of Ambit's documents in a text that belongs to no project; what they mean, nobody can say. */
export function faultsOfForm(file: SourceFile): readonly Diagnostic[] {
  if (!/^apiVersion:\s*["']?ambit\.dev\//m.test(file.text)) return [];
  const faults = parseSources([file]).diagnostics.filter(({ code }) => code.startsWith('AMB1'));
  return [diagnostic('no-project-around', {}, null), ...faults];
}
