import { resolve } from 'node:path';
import { applyFixes, type Fixable, safeFixes } from '../../diagnostics/apply-fixes.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { rangeOf } from '../../diagnostics/position.js';
import { compile } from '../../pipeline.js';
import { diffTrees, paintDiff } from '../../report/tree-diff.js';
import { groupBy } from '../../util/order.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type Edits, withEdits, writeEdits } from '../files/edited-files.js';
import type { Host } from '../files/host.js';
import { type InputOptions, type Loaded, load } from '../project/load.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { displayPathFrom, report, type Session, tell } from './session.js';

interface FixCommandOptions extends InputOptions {
  readonly dryRun?: boolean;
}

/** One fix may lay bare another fault. More rounds than this have never been needed, and would mean that fixes undo each other. */
const mostRounds = 10;

/** Mends what can only be meant in one way, writes it, and says what is left for a person. */
export async function runFix(session: Session, options: FixCommandOptions): Promise<ExitCode> {
  const { host } = session;
  if (options.filename.includes('-')) return usageError(session, 'what comes from stdin cannot be mended in place');
  const mended = await mend(host, options);
  const told = mended.applied.map((each) => `fixed ${inWords(each, displayPathFrom(host, mended.loaded.directory))}`);
  if (options.dryRun) return showEdits(session, mended);
  const faults = writeEdits(host, mended.edits);
  if (faults.length > 0) {
    report(session, faults, mended.loaded.directory);
    return exitCodeOf(faults);
  }
  report(session, mended.left, mended.loaded.directory);
  tell(session, told.length === 0 ? 'nothing can be mended without a person' : told.join('\n'));
  return exitCodeOf(mended.left);
}

interface Mended {
  readonly loaded: Loaded;
  readonly edits: Edits;
  readonly applied: readonly Fixable[];
  /** What is found after all fixes. */
  readonly left: readonly Diagnostic[];
}

async function mend(host: Host, options: InputOptions): Promise<Mended> {
  const edits = new Map<string, string>();
  const applied: Fixable[] = [];
  for (let round = 1; ; round++) {
    const { value: loaded, diagnostics: loading } = await load(withEdits(host, edits), options);
    const left = hasErrors(loading)
      ? loading
      : compile(loaded.sources, { today: today(host), said: loading, inputs: loaded.inputs, provenance: 'none' })
          .diagnostics;
    const fixes = round > mostRounds ? [] : safeFixes(left);
    if (fixes.length === 0) return { loaded, edits, applied, left };
    applied.push(...fixes);
    for (const [path, items] of groupBy(fixes, ({ fix }) => fix.span.file.path)) {
      const file = host.files.realPath(resolve(loaded.directory, path));
      const [text = ''] = items.map(({ fix }) => fix.span.file.text);
      edits.set(
        file,
        applyFixes(
          text,
          items.map(({ fix }) => fix),
        ),
      );
    }
  }
}

function inWords({ code, fix: { span, replacement } }: Fixable, displayPath: (path: string) => string): string {
  const { line, column } = rangeOf(span).start;
  const written = span.file.text.slice(span.start, span.end).trim();
  const change = replacement === '' ? `took out \`${written}\`` : `\`${written}\` is \`${replacement}\``;
  return `${displayPath(span.file.path)}:${line}:${column}: ${change} (${code})`;
}

function showEdits(session: Session, { edits, loaded }: Mended): ExitCode {
  const { host } = session;
  const displayPath = displayPathFrom(host, loaded.directory);
  const textOf = (path: string) => new TextDecoder().decode(host.files.read(path));
  const before = new Map([...edits.keys()].map((path) => [displayPath(path), textOf(path)]));
  const after = new Map([...edits].map(([path, text]) => [displayPath(path), text]));
  host.output.write(paintDiff(diffTrees(before, after), pageOf(session).pen));
  return edits.size === 0 ? exitCodes.success : exitCodes.no;
}
