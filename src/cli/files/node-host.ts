import { execFile } from 'node:child_process';
import {
  closeSync,
  existsSync,
  type FSWatcher,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { compareText } from '../../util/order.js';
import type {
  DirectoryEntry,
  FileEvent,
  FileKind,
  FileSystem,
  Host,
  OutputStream,
  ProcessTable,
  ProgramResult,
  ProgramSetting,
} from './host.js';
import { interruptionGuard } from './interruption.js';
import { stampOf } from './stamp.js';
import { systemErrorCode } from './system-error.js';
import { employer, startWorker } from './workers.js';

type Installation = Pick<Host, 'packageDirectory' | 'version' | 'programName'>;

/** The host of a real process. */
export function nodeHost(installation: Installation): Host {
  return {
    ...installation,
    workingDirectory: process.cwd(),
    environment: process.env,
    files: nodeFiles,
    output: streamOf(process.stdout),
    messages: streamOf(process.stderr),
    process: processTable,
    run,
    makeTemporaryDirectory: () => mkdtempSync(join(realpathSync.native(tmpdir()), 'ambit-')),
    readStandardInput,
    conversation: () => ({ input: process.stdin, output: process.stdout }),
    startWorker,
    ...employer(),
    now: () => new Date(),
    wait: async (milliseconds) => {
      await setTimeout(milliseconds);
    },
    withoutInterruption: interruptionGuard(),
  };
}

const nodeFiles: FileSystem = {
  status(path) {
    const now = Date.now();
    const status = statSync(path);
    return { kind: kindOf(status), size: status.size, stamp: stampOf(status, now) };
  },
  realPath: (path) => realpathSync.native(path),
  list: (directory) => readdirSync(directory, { withFileTypes: true }).map(toEntry).sort(byName),
  read: (path) => readFileSync(path),
  write: (path, text) => writeFileSync(path, text),
  create,
  link: (file, name) => linkSync(file, name),
  makeDirectory: (path) => {
    mkdirSync(path, { recursive: true });
  },
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  flush,
  nextEvent,
};

interface KnowsItsKind {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

function kindOf(item: KnowsItsKind): FileKind {
  if (item.isFile()) return 'file';
  if (item.isDirectory()) return 'directory';
  return item.isSymbolicLink() ? 'link' : 'other';
}

function toEntry(entry: KnowsItsKind & { readonly name: string }): DirectoryEntry {
  return { name: entry.name, kind: kindOf(entry) };
}

function byName(left: DirectoryEntry, right: DirectoryEntry): number {
  return compareText(left.name, right.name);
}

/** On a full disk the name alone would be left, and nobody could tell whose it is. */
function create(path: string, text: string): void {
  const descriptor = openSync(path, 'wx');
  try {
    writeFileSync(descriptor, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Best effort: some file systems cannot flush a directory, and nothing but a power cut would tell. */
function flush(directory: string): void {
  try {
    const descriptor = openSync(directory, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
  }
}

/** A directory that is gone meanwhile is no reason to stop: what held it tells of that. */
function nextEvent(directories: readonly string[]): FileEvent {
  const watchers: FSWatcher[] = [];
  const close = () => {
    for (const watcher of watchers) watcher.close();
  };
  const happened = new Promise<void>((resolve) => {
    for (const directory of directories.filter((each) => existsSync(each))) {
      watchers.push(watch(directory, () => resolve()).on('error', () => resolve()));
    }
  }).finally(close);
  return { happened, cancel: close };
}

const processTable: ProcessTable = {
  id: process.pid,
  machine: hostname(),
  isAlive(id) {
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      return systemErrorCode(error) === 'EPERM';
    }
  },
};

function streamOf(stream: NodeJS.WriteStream): OutputStream {
  return {
    isTerminal: stream.isTTY === true,
    // A terminal can be resized between two answers.
    get columns() {
      return stream.columns;
    },
    write: (text) => {
      stream.write(text);
    },
  };
}

/** What a program may say before it is stopped. */
const mostOutput = 64 * 1024 * 1024;

function run(
  program: string,
  words: readonly string[],
  { directory, environment = {} }: ProgramSetting,
): Promise<ProgramResult> {
  const setting = { cwd: directory, env: { ...process.env, ...environment }, maxBuffer: mostOutput };
  return new Promise((settle) => {
    execFile(program, words, setting, (error, output, messages) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      settle({ code, output, messages });
    });
  });
}

async function readStandardInput(limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) break;
  }
  return Buffer.concat(chunks);
}
