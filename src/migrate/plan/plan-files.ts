import type { OutputFile } from '../../emit/output-files.js';
import { printManifest } from '../../emit/print-yaml.js';
import { subjectOf } from './commands.js';
import type { Patch, Phase } from './phase.js';

/** A plan as a directory: one below it for each phase, with what is applied, what is patched, and what takes it back. */
export function phaseFiles(phase: Phase): readonly OutputFile[] {
  return [
    ...phase.files.map((file) => ({ path: pathOf(phase.name, file), text: file.text })),
    ...phase.patches.map((patch) => ({ path: patchPath(phase, patch), text: textOf(patch) })),
    ...phase.rollback.files.map((file) => ({ path: pathOf(`${phase.name}/rollback`, file), text: file.text })),
  ];
}

/** What a person types for a phase, in the plan's directory. */
export function phaseCommands(phase: Phase): readonly string[] {
  return [
    ...applyCommands(phase.name, phase.files),
    ...phase.patches.map((patch) => patchCommand(phase, patch)),
    ...phase.commands,
  ];
}

/** Likewise to take it back. */
export function rollbackCommands({ name, rollback }: Phase): readonly string[] {
  return [...applyCommands(`${name}/rollback`, rollback.files), ...rollback.commands];
}

function pathOf(directory: string, { path }: OutputFile): string {
  const { cluster } = subjectOf(path);
  return `${directory}/${cluster}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

function patchPath({ name }: Phase, { cluster, file }: Patch): string {
  return `${name}/${cluster}/${file}.yaml`;
}

function textOf({ patch, target: { kind, namespace, name } }: Patch): string {
  const subject = namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
  return printManifest({ object: patch, header: [`a merge patch for ${subject}`], comments: [] });
}

function patchCommand(phase: Phase, patch: Patch): string {
  const { kind, namespace, name } = patch.target;
  const place = namespace === undefined ? '' : ` --namespace ${namespace}`;
  return `kubectl patch ${kind} ${name}${place} --type merge --patch-file ${patchPath(phase, patch)}`;
}

/** Labels of objects that others own are applied by the server, so that nothing else of them is touched. */
function applyCommands(directory: string, files: readonly OutputFile[]): readonly string[] {
  const clusters = [...new Set(files.map(({ path }) => subjectOf(path).cluster))];
  return clusters.flatMap((cluster) => {
    const own = files.filter(({ path }) => subjectOf(path).cluster === cluster);
    const isOfOthers = own.some(({ path }) => path.includes('/30-enrolment/'));
    const how = isOfOthers ? ' --server-side --field-manager=ambit' : '';
    const waits = own.filter(({ path, text }) => subjectOf(path).kind === 'gateway' && text.includes('istio-waypoint'));
    return [
      `kubectl apply${how} -f ${directory}/${cluster}/`,
      ...waits.map(({ path }) => {
        const { namespace, name } = subjectOf(path);
        return `kubectl wait --for=condition=Programmed gateway/${name} --namespace ${namespace} --timeout=120s`;
      }),
    ];
  });
}
