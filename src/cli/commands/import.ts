import { basename, dirname, join, relative, resolve } from 'node:path';
import { type HandOver, handOver } from '../../adopt/hand-over.js';
import { type Imported, importObjects } from '../../adopt/import-objects.js';
import type { PrintedFile } from '../../adopt/print.js';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import type { Source } from '../../parse/parse-sources.js';
import { handOverToMarkdown } from '../../report/import/hand-over.js';
import { importToJson } from '../../report/import/json.js';
import { importFindings, importToText } from '../../report/import/text.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { exists } from '../files/output-tree.js';
import { shownPath } from '../files/shown-path.js';
import { writeFile } from '../files/write-file.js';
import { showingProgress } from '../progress.js';
import { type InputOptions, load } from '../project/load.js';
import { isUntouchedStarter } from '../project/starter-project.js';
import { today } from '../today.js';
import { displayPathFrom, report, type Session } from './session.js';

interface ImportCommandOptions extends InputOptions {
  readonly outputDir: string;
  readonly output: 'human' | 'json';
  readonly force?: boolean;
  readonly asMeant?: boolean;
}

/** The page beside the intents that says how they take over. */
const handOverName = 'HANDOVER.md';

/** Writes intents that say what the policies among the manifests say. Nothing is written unless it is proved. */
export async function runImport(session: Session, options: ImportCommandOptions): Promise<ExitCode> {
  const { host } = session;
  const target = resolve(host.workingDirectory, options.outputDir);
  const { value: loaded, diagnostics: loading } = await load(host, { ...options, yetToCome: target });
  const stop = (diagnostics: readonly Diagnostic[]): ExitCode => {
    report(session, diagnostics, loaded.directory);
    return exitCodeOf(diagnostics);
  };
  if (hasErrors(loading)) return stop(loading);
  const directory = relative(loaded.directory, target);
  const isStarter = ({ path, text }: Source) => dirname(path) === directory && isUntouchedStarter(text);
  const starters = loaded.sources.filter(isStarter);
  const sources = loaded.sources.filter((source) => !isStarter(source));
  const { value: imported, diagnostics } = await showingProgress(session, (progress) =>
    importObjects(sources, { directory, today: today(host), isAsMeant: options.asMeant === true, progress }),
  );
  if (imported === undefined) return stop([...loading, ...diagnostics]);
  const displayPath = displayPathFrom(host, loaded.directory);
  const order = handOver(imported);
  const files = filesOf(imported, order, displayPath);
  const others = files.filter((file) => isOfOthers(host, target, file)).map(({ path }) => path);
  if (others.length > 0 && !options.force) return stop(others.map((path) => wouldOverwrite(host, join(target, path))));
  const written = files
    .filter((file) => textAt(host, target, file) !== file.text)
    .flatMap(({ path, text }) => writeFile(host, join(target, path), text));
  const declared =
    imported.edit === undefined
      ? []
      : writeFile(host, resolve(loaded.directory, imported.edit.path), imported.edit.text);
  if (written.length + declared.length > 0) return stop([...written, ...declared]);
  const names = new Set(files.map(({ path }) => path));
  const replaced = files.length === 0 ? [] : starters.filter(({ path }) => !names.has(basename(path)));
  for (const { path } of replaced) host.files.remove(resolve(loaded.directory, path));
  report(session, [...loading, ...diagnostics, ...importFindings(imported)], loaded.directory);
  const shown = shownPath(host, target);
  host.output.write(
    options.output === 'json'
      ? importToJson(imported, order, shown, displayPath)
      : importToText(imported, shown, displayPath, pageOf(session), new Set(others)),
  );
  return exitCodes.success;
}

function filesOf(
  { round: { files } }: Imported,
  order: HandOver,
  displayPath: (path: string) => string,
): readonly PrintedFile[] {
  return files.length === 0 ? [] : [...files, { path: handOverName, text: handOverToMarkdown(order, displayPath) }];
}

/** Whether a file says something else than the import and than what it replaces. */
function isOfOthers(host: Host, target: string, file: PrintedFile): boolean {
  const found = textAt(host, target, file);
  return found !== undefined && found !== file.text && file.path !== handOverName && !isUntouchedStarter(found);
}

/** Whoever edits a file by hand does not lose it. */
function wouldOverwrite(host: Host, path: string): Diagnostic {
  return diagnostic('import-would-overwrite', { path: shownPath(host, path) }, null);
}

function textAt({ files }: Host, target: string, { path }: PrintedFile): string | undefined {
  const place = join(target, path);
  return exists(files, place) ? new TextDecoder().decode(files.read(place)) : undefined;
}
