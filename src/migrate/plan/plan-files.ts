import type { OutputFile } from '../../emit/output-files.js';
import { printManifest } from '../../emit/print-yaml.js';
import { subjectOf } from './commands.js';
import type { Command, Patch, Phase } from './phase.js';

/** A plan as a directory: one below it for each phase, with what is applied, what is patched, and what takes it back. */
export function phaseFiles(phase: Phase): readonly OutputFile[] {
  return [
    ...phase.files.map((file) => ({ path: pathOf(phase.name, file), text: file.text })),
    ...phase.patches.map((patch) => ({ path: patchPath(phase, patch), text: textOf(patch) })),
    ...phase.rollback.files.map((file) => ({ path: pathOf(`${phase.name}/rollback`, file), text: file.text })),
  ];
}

/** What a person types for a phase, in the plan's directory. Of several clusters each is named by its context. */
export function phaseCommands(phase: Phase, clusters: readonly string[]): readonly string[] {
  return typed(
    [
      ...applyCommands(phase.name, phase.files),
      ...phase.patches.map((patch) => patchCommand(phase, patch)),
      ...phase.commands,
    ],
    clusters,
  );
}

/** Likewise to take it back. */
export function rollbackCommands({ name, rollback }: Phase, clusters: readonly string[]): readonly string[] {
  return typed([...applyCommands(`${name}/rollback`, rollback.files), ...rollback.commands], clusters);
}

function typed(commands: readonly Command[], clusters: readonly string[]): readonly string[] {
  const isOneOfSeveral = clusters.length > 1;
  return commands.map((command) => {
    const { cluster } = command;
    if ('inWords' in command) return `# ${isOneOfSeveral ? `in ${cluster}: ` : ''}${command.inWords}`;
    return `kubectl ${isOneOfSeveral ? `--context ${cluster} ` : ''}${command.kubectl}`;
  });
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

function patchCommand(phase: Phase, patch: Patch): Command {
  const { kind, namespace, name } = patch.target;
  const place = namespace === undefined ? '' : ` --namespace ${namespace}`;
  const kubectl = `patch ${kind} ${name}${place} --type merge --patch-file ${patchPath(phase, patch)}`;
  return { cluster: patch.cluster, kubectl };
}

/** Labels of objects that others own are applied by the server, so that nothing else of them is touched. */
function applyCommands(directory: string, files: readonly OutputFile[]): readonly Command[] {
  const clusters = [...new Set(files.map(({ path }) => subjectOf(path).cluster))];
  return clusters.flatMap((cluster) => {
    const own = files.filter(({ path }) => subjectOf(path).cluster === cluster);
    const isOfOthers = own.some(({ path }) => path.includes('/30-enrolment/'));
    const how = isOfOthers ? ' --server-side --field-manager=ambit' : '';
    const waits = own.filter(({ path, text }) => subjectOf(path).kind === 'gateway' && text.includes('istio-waypoint'));
    const commands = [
      `apply${how} -f ${directory}/${cluster}/`,
      ...waits.map(({ path }) => {
        const { namespace, name } = subjectOf(path);
        return `wait --for=condition=Programmed gateway/${name} --namespace ${namespace} --timeout=120s`;
      }),
    ];
    return commands.map((kubectl) => ({ cluster, kubectl }));
  });
}
