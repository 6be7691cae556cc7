import type { Path } from '../../parse/document.js';
import { type Complaint, complaintWhen } from '../../topology/schemas/complaint.js';
import { asTexts } from '../json.js';
import { isLabel } from './names.js';
import type { Judged } from './refusal.js';

const place: Path = ['spec', 'exportTo'];

/** To whom something can be exported: namespaces, each once, or `*` alone (L-24). */
export function checkExportTo(
  { spec, namespace }: Judged,
  nobody: 'can be meant' | 'is refused',
): readonly Complaint[] {
  const written = asTexts(spec.exportTo);
  const meant = written.map((each) => (each === '.' ? namespace : each));
  const isAlone = (word: string) => !written.includes(word) || written.length === 1;
  return [
    ...complaintWhen(new Set(meant).size < meant.length, place, 'a namespace is named twice'),
    ...complaintWhen(!isAlone('*'), place, '`*` stands for all namespaces, and cannot stand beside others'),
    ...complaintWhen(!isAlone('~'), place, '`~` stands for nobody, and cannot stand beside others'),
    ...written.flatMap((each, index) =>
      complaintWhen(
        !isNamespace(each, nobody),
        [...place, index],
        `\`${each}\` is no namespace, and none of \`.\` and \`*\``,
      ),
    ),
  ];
}

function isNamespace(written: string, nobody: 'can be meant' | 'is refused'): boolean {
  return ['.', '*', ...(nobody === 'can be meant' ? ['~'] : [])].includes(written) || isLabel(written);
}
