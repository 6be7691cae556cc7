import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  createConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  ProposedFeatures,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { schemaText } from '../commands/schema.js';
import { confined, isBelow } from '../files/confined.js';
import type { Host } from '../files/host.js';
import { type Answering, type Asked, actions, completion, definition, hover } from './answers.js';
import { pathOfUri } from './file-uris.js';
import { openJudge } from './judge.js';
import { openWorkspace } from './workspace.js';

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
  hoverProvider: true,
  definitionProvider: true,
  completionProvider: { triggerCharacters: [' ', '/', '{', '[', ','] },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** What decides about a project: its own texts, manifests, and what is left out of them. */
const watched = ['**/*.{yaml,yml,json}', '**/.ambitignore'];

/** Serves an editor on stdin and stdout. The protocol's `exit` ends the process, and so does the end of stdin. */
export function serveEditor(host: Host): Promise<never> {
  const { input, output } = host.conversation();
  const connection = createConnection(ProposedFeatures.all, input, output);
  const documents = new TextDocuments(TextDocument);
  const judge = openJudge(host);
  let state: 'new' | Answering | 'shut-down' = 'new';
  let roots: readonly string[] = [];
  let client: InitializeParams['capabilities'] = {};

  const failed = (error: unknown) => {
    const trace = error instanceof Error ? error.stack : String(error);
    connection.console.error(`This is a bug in Ambit ${host.version}, not in your files:\n${trace}`);
  };

  /** Every question goes this way: it has to come in time, and about a text that is open and lies inside. */
  const answer = async <T>(
    uri: string,
    token: CancellationToken,
    ask: (answering: Answering, asked: Asked) => Promise<T>,
  ): Promise<T | null> => {
    if (state === 'new') throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
    if (state === 'shut-down') throw new ResponseError(ErrorCodes.InvalidRequest, 'the server is shut down');
    const [document, path] = [documents.get(uri), pathOfUri(uri)];
    if (document === undefined || path === undefined || !state.isOpen(path)) return null;
    const result = await ask(state, { document, path });
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    return result;
  };

  const changed = (uri?: string) => {
    if (typeof state !== 'string') state.workspace.changed(uri === undefined ? undefined : pathOfUri(uri));
  };

  /** From now on these folders are open, and nothing outside them. */
  const enter = (folders: readonly string[]) => {
    if (typeof state !== 'string') state.workspace.leave();
    roots = folders;
    const inside = confined(host, roots);
    const workspace = openWorkspace({
      host: inside,
      judge: (path, edits) => judge.judge(roots, path, edits),
      failed,
      documents: () => documents.all(),
      publish: (uri, version, diagnostics) => {
        const known = version === undefined ? {} : { version };
        connection.sendDiagnostics({ uri, ...known, diagnostics: [...diagnostics] }).catch(failed);
      },
    });
    const isOpen = (path: string) => roots.some((root) => isBelow(path, root));
    const takesSnippets = client.textDocument?.completion?.completionItem?.snippetSupport === true;
    state = { host: inside, workspace, schema: JSON.parse(schemaText(host)), takesSnippets, isOpen };
    workspace.changed();
  };

  connection.onInitialize((params) => {
    client = params.capabilities;
    enter(rootsOf(params, host));
    return { capabilities, serverInfo: { name: 'ambit', version: host.version } };
  });
  connection.onInitialized(() => {
    const watchers = watched.map((globPattern) => ({ globPattern }));
    const watches = client.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    if (watches) connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(failed);
    if (client.workspace?.workspaceFolders !== true) return;
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = pathsOf(removed);
      enter([...roots.filter((root) => !gone.includes(root)), ...pathsOf(added)]);
    });
  });
  connection.onDidChangeWatchedFiles(() => changed());
  documents.onDidChangeContent(({ document }) => changed(document.uri));
  documents.onDidSave(() => changed());
  documents.onDidClose(({ document }) => changed(document.uri));
  connection.onHover(({ textDocument: { uri }, position }, token) =>
    answer(uri, token, (answering, asked) => hover(answering, asked, position)),
  );
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    answer(uri, token, (answering, asked) => definition(answering, asked, position)),
  );
  connection.onCompletion(({ textDocument: { uri }, position }, token) =>
    answer(uri, token, (answering, asked) => completion(answering, asked, position)),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context: { only } }, token) =>
    answer(uri, token, async (answering, asked) => ofKinds(await actions(answering, asked, range), only)),
  );
  connection.onShutdown(() => {
    state = 'shut-down';
  });
  documents.listen(connection);
  connection.listen();
  return new Promise<never>(() => {});
}

/** What an editor asks for, as when it mends all on save: a kind stands for those below it, and none for all. */
function ofKinds(all: readonly CodeAction[], only: readonly CodeActionKind[] = ['']): CodeAction[] {
  return all.filter(({ kind = '' }) => only.some((each) => each === '' || `${kind}.`.startsWith(`${each}.`)));
}

/** The folders that the editor has open; without any, where it has started the server. */
function rootsOf({ workspaceFolders, rootUri }: InitializeParams, { workingDirectory }: Host): readonly string[] {
  const folders = workspaceFolders ?? (rootUri ? [{ uri: rootUri }] : []);
  return folders.length === 0 ? [workingDirectory] : pathsOf(folders);
}

function pathsOf(folders: ReadonlyArray<{ readonly uri: string }>): readonly string[] {
  return folders.flatMap(({ uri }) => pathOfUri(uri) ?? []);
}
