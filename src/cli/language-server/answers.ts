import { resolve } from 'node:path';
import {
  type CodeAction,
  type CompletionItem,
  CompletionItemKind,
  type Hover,
  InsertTextFormat,
  type Location,
  MarkupKind,
  type Position,
  type Range,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { codeActions } from '../../language-server/code-actions.js';
import { offersAt } from '../../language-server/completion.js';
import { intentsBehind, lineAbout, type Target, targetsAt } from '../../language-server/definition.js';
import { hoverAt } from '../../language-server/hover.js';
import { lineRange, shownRange } from '../../language-server/ranges.js';
import type { Schema } from '../../language-server/schema.js';
import { skeletonsAt } from '../../language-server/skeletons.js';
import { pageOfCode } from '../commands/session.js';
import { isBelow } from '../files/confined.js';
import type { Host } from '../files/host.js';
import { isOutputDirectory } from '../files/output-tree.js';
import { readText } from '../files/read-text.js';
import { outputOfProject } from '../project/written-output.js';
import { uriOfPath } from './file-uris.js';
import { type ProjectState, sourcePath } from './project-state.js';
import type { Workspace } from './workspace.js';

/** What a question of an editor is answered from. */
export interface Answering {
  readonly host: Host;
  readonly workspace: Workspace;
  readonly schema: Schema;
  /** Whether the editor lets people fill in places of what it inserts. */
  readonly takesSnippets: boolean;
  /** Whether a path lies in a folder that is open. */
  isOpen(path: string): boolean;
}

/** An open text, and the path of its file. */
export interface Asked {
  readonly document: TextDocument;
  readonly path: string;
}

export async function hover(
  answering: Answering,
  { document, path }: Asked,
  position: Position,
): Promise<Hover | null> {
  const { host, workspace, schema } = answering;
  const project = await workspace.projectOf(path);
  const file = { path: fileName(project, path), text: document.getText() };
  const asking = { root: schema, known: project?.known, pageOf: (code: string) => pageOfCode(host, code) };
  const told = hoverAt(file, document.offsetAt(position), asking);
  if (told === undefined) return null;
  return { contents: { kind: MarkupKind.Markdown, value: told.markdown }, range: shownRange(told.span) };
}

export async function definition(
  answering: Answering,
  { document, path }: Asked,
  position: Position,
): Promise<Location[]> {
  const project = await answering.workspace.projectOf(path);
  if (project?.known === undefined) return [];
  const text = document.getText();
  const output = outputOfProject(project.loaded);
  const targets =
    output !== undefined && isBelow(path, output)
      ? intentsBehind(text, position.line, project.known)
      : targetsAt({ path: fileName(project, path), text }, document.offsetAt(position), project.known);
  return targets.flatMap((target) => locationOf(answering, project, target) ?? []);
}

/** Nothing for what is not there, and for a path that a comment leads outside by. */
function locationOf(
  { host, workspace, isOpen }: Answering,
  project: ProjectState,
  target: Target,
): Location | undefined {
  const { uriOf } = workspace.namesOf(project);
  if (target.kind === 'source') return { uri: uriOf(target.span.file.path), range: shownRange(target.span) };
  if (target.kind === 'line') {
    const path = resolve(project.loaded.directory, target.path);
    return isOpen(path) ? { uri: uriOf(target.path), range: lineRange(target.line) } : undefined;
  }
  const output = outputOfProject(project.loaded);
  if (output === undefined || !isOutputDirectory(host.files, output)) return undefined;
  const path = resolve(output, target.path);
  const content = readText(host.files, path, target.path, null);
  return 'fault' in content
    ? undefined
    : { uri: uriOfPath(path), range: lineRange(lineAbout(content.text, target.ids)) };
}

/** In the middle of a word nobody waits: what was known last is enough for names. */
export async function completion(answering: Answering, asked: Asked, position: Position): Promise<CompletionItem[]> {
  const { workspace, schema, takesSnippets } = answering;
  const { document, path } = asked;
  const [text, offset] = [document.getText(), document.offsetAt(position)];
  const project = workspace.knownOf(path) ?? (await workspace.projectOf(path));
  const skeletons = takesSnippets ? skeletonsAt(text, offset) : [];
  const offers = [...offersAt(text, offset, schema, project?.known), ...skeletons];
  return offers.map(({ label, kind, text: newText, start, end, description }, index) => ({
    label,
    kind,
    sortText: String(index).padStart(5, '0'),
    textEdit: { range: { start: document.positionAt(start), end: document.positionAt(end) }, newText },
    ...(kind === CompletionItemKind.Snippet && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(description !== undefined && { documentation: { kind: MarkupKind.Markdown, value: description } }),
  }));
}

export async function actions({ workspace }: Answering, { document, path }: Asked, part: Range): Promise<CodeAction[]> {
  const project = await workspace.projectOf(path);
  if (project === undefined) return [];
  const file = { path: fileName(project, path), text: document.getText() };
  return codeActions(project.found, file, part, workspace.namesOf(project));
}

function fileName(project: ProjectState | undefined, path: string): string {
  return project === undefined ? path : sourcePath(project, path);
}
