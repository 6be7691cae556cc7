import { basename, join } from 'node:path';
import { totalOf } from '../../../adopt/fates.js';
import { handOver } from '../../../adopt/hand-over.js';
import { type Imported, importObjects, isProved } from '../../../adopt/import-objects.js';
import { takenOver } from '../../../adopt/taken-over.js';
import type { Diagnostic, Result } from '../../../diagnostics/diagnostic.js';
import { type MigrationPlan, makePlan, type PlanOptions } from '../../../migrate/plan/plan.js';
import type { OutputFile, Source } from '../../../pipeline.js';
import { handOverToMarkdown } from '../../../report/import/hand-over.js';
import { counted } from '../../../report/words.js';

/** A plan, and the intents that it holds to where nobody has written any. */
export interface Planned {
  readonly made: Result<MigrationPlan | undefined>;
  readonly imported: Imported | undefined;
}

/** Plans by the intents of a project; without any, by those that say what its policies say. */
export function planImporting(sources: readonly Source[], options: PlanOptions, directory: string): Planned {
  const made = makePlan(sources, options);
  if (!made.diagnostics.some(({ name }) => name === 'migration-without-intents')) return { made, imported: undefined };
  const { value: imported } = importObjects(sources, { directory, today: options.today, isAsMeant: false });
  const isUsable = imported !== undefined && isProved(imported.round) && imported.round.files.length > 0;
  if (!isUsable) return { made, imported: undefined };
  const { sources: all, reshape } = takenOver(imported);
  return { made: makePlan(all, { ...options, reshape }), imported };
}

/** Where a plan keeps the intents that it holds to, and the Mesh document where that has to declare issuers of tokens. */
const [intentsDirectory, meshDirectory] = ['intents', 'mesh'];

/** Where the intents of a plan lie. */
export function intentsBelow(directory: string): string {
  return join(directory, intentsDirectory);
}

/** Whether something is found of intents that an import within the plan says, and that lie nowhere. */
export function isOfImport(found: readonly Diagnostic[], imported: Imported | undefined): boolean {
  if (imported === undefined) return false;
  const { round, ground } = imported;
  const paths = new Set(round.files.map(({ path }) => join(ground.directory, path)));
  return found.some(({ span }) => span !== null && paths.has(span.file.path));
}

/** What a plan holds of an import: nothing where somebody wrote the intents. */
export function importedFiles(
  imported: Imported | undefined,
  displayPath: (path: string) => string,
): readonly OutputFile[] {
  if (imported === undefined) return [];
  const { round, edit } = imported;
  const page = { path: 'HANDOVER.md', text: handOverToMarkdown(handOver(imported), displayPath) };
  return [
    ...[...round.files, page].map(({ path, text }) => ({ path: `${intentsDirectory}/${path}`, text })),
    ...(edit === undefined ? [] : [{ path: `${meshDirectory}/${basename(edit.path)}`, text: edit.text }]),
  ];
}

/** What is to be done with them before anything moves. */
export function importedFirst(
  imported: Imported | undefined,
  displayPath: (path: string) => string,
): readonly string[] {
  if (imported === undefined) return [];
  const { fates, edit } = imported;
  const { said, merged, dead, left } = totalOf(fates);
  const rules =
    `${counted(said + merged + dead + left, 'rule')}: ${said} said, ${merged} said with another, ${dead} without effect, ` +
    `${left} left`;
  return [
    `The intents in \`${intentsDirectory}/\` say what the policies and routes say (${rules}). Keep them beside \`ambit.yaml\`, and let ` +
      `them take over, as \`${intentsDirectory}/HANDOVER.md\` says: the plan begins after that.`,
    ...(edit === undefined
      ? []
      : [
          `\`${displayPath(edit.path)}\` has to declare the issuers of tokens: take it from \`${meshDirectory}/${basename(edit.path)}\`.`,
        ]),
  ];
}
