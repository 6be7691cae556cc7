import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CompletionItem,
  createProtocolConnection,
  FileChangeType,
  type Hover,
  type Location,
  type MarkupContent,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

export const uriOf = (path: string) => pathToFileURL(path).href;

/** Versions go up, so that what is told of a text is never taken for what was told of the one before. */
let lastVersion = 0;

/** An editor with one server, which remembers what it was told. */
export class Editor {
  readonly connection: ProtocolConnection;
  readonly ended: Promise<number | null>;
  readonly told: PublishDiagnosticsParams[] = [];
  readonly texts = new Map<string, TextDocument>();
  private readonly child: ChildProcess;
  private hear: () => void = () => {};

  constructor(ambit: string) {
    this.child = spawn('node', [ambit, 'lsp', '--stdio'], { cwd: dirname(ambit), stdio: ['pipe', 'pipe', 'inherit'] });
    const { stdin, stdout } = this.child;
    if (stdin === null || stdout === null) throw new Error('no pipes');
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.connection = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.told.push(params);
      this.hear();
    });
    this.connection.listen();
  }

  async start(folders: readonly string[], textDocument: object = {}): Promise<this> {
    const workspaceFolders = folders.map((folder) => ({ uri: uriOf(folder), name: 'workspace' }));
    const capabilities = { workspace: { workspaceFolders: true }, textDocument };
    await this.connection.sendRequest('initialize', {
      processId: null,
      rootUri: null,
      workspaceFolders,
      capabilities,
    });
    await this.connection.sendNotification('initialized', {});
    return this;
  }

  /** Opens a file, as it is on the disk or as it is not yet. */
  async open(path: string, text = readFileSync(path, 'utf8')): Promise<PublishDiagnosticsParams> {
    const uri = uriOf(path);
    const version = ++lastVersion;
    this.texts.set(uri, TextDocument.create(uri, 'yaml', version, text));
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version, text },
    });
    return this.heard(uri, (params) => params.version === version);
  }

  async write(path: string, change: (text: string) => string): Promise<PublishDiagnosticsParams> {
    const uri = uriOf(path);
    const text = change(this.texts.get(uri)?.getText() ?? '');
    const version = ++lastVersion;
    this.texts.set(uri, TextDocument.create(uri, 'yaml', version, text));
    const contentChanges = [{ text }];
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
    return this.heard(uri, (params) => params.version === version);
  }

  /** What was told last of a text, as soon as it is what is waited for. */
  async heard(uri: string, isMeant: (params: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams> {
    for (;;) {
      const last = this.told.findLast((each) => each.uri === uri);
      if (last !== undefined && isMeant(last)) return last;
      await new Promise<void>((resolve) => {
        this.hear = resolve;
      });
    }
  }

  ask<T>(method: string, path: string, at: string, behind = 0, more: object = {}): Promise<T> {
    const position = this.positionOf(path, at, behind);
    return this.connection.sendRequest(`textDocument/${method}`, {
      textDocument: { uri: uriOf(path) },
      position,
      ...more,
    });
  }

  async closeAll(): Promise<void> {
    for (const uri of this.texts.keys()) {
      await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    }
    this.texts.clear();
  }

  /** A place in an open text: some characters behind the beginning of what stands there. */
  positionOf(path: string, at: string, behind = 0): Position {
    const document = this.texts.get(uriOf(path));
    const index = document?.getText().indexOf(at) ?? -1;
    if (document === undefined || index < 0) throw new Error(`no ${at} in ${path}`);
    return document.positionAt(index + behind);
  }

  async hover(path: string, at: string, behind = 1): Promise<string> {
    const found = await this.ask<Hover | null>('hover', path, at, behind);
    return (found?.contents as MarkupContent | undefined)?.value ?? '';
  }

  /** `file:line` of every place below a directory, lines counted from 1. */
  async definitions(directory: string, path: string, at: string, behind = 1): Promise<readonly string[]> {
    const found = await this.ask<Location[]>('definition', path, at, behind);
    return found.map(({ uri, range }) => `${uri.replace(`${uriOf(directory)}/`, '')}:${range.start.line + 1}`);
  }

  /** What is offered behind a text that stands somewhere. */
  async offered(path: string, at: string): Promise<readonly CompletionItem[]> {
    return this.ask<CompletionItem[]>('completion', path, at, at.length);
  }

  async filesChanged(...paths: readonly string[]): Promise<void> {
    const changes = paths.map((path) => ({ uri: uriOf(path), type: FileChangeType.Changed }));
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
