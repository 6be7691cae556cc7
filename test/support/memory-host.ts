import { basename, dirname, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import type { FileKind, FileSystem, Host } from '../../src/cli/files/host.js';
import { compareText } from '../../src/util/order.js';

/** A host that lives in memory, so that a test sees every byte that a command reads and writes. */
export interface MemoryHost extends Host {
  readonly disk: MemoryDisk;
  /** What the command wrote to stdout and to stderr. */
  stdout(): string;
  stderr(): string;
}

export interface MemoryHostOptions {
  /** Text by absolute path; `{ link }` is a symbolic link. */
  readonly files?: Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly standardInput?: string;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly programName?: string;
  readonly disk?: MemoryDisk;
  readonly process?: Partial<Host['process']>;
  readonly wait?: () => void;
}

export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const disk = options.disk ?? memoryDisk();
  const workingDirectory = options.workingDirectory ?? '/work';
  disk.files.makeDirectory(workingDirectory);
  for (const [path, content] of Object.entries(options.files ?? {})) put(disk, path, content);
  const output: string[] = [];
  const messages: string[] = [];
  const stream = { isTerminal: options.isTerminal ?? false, columns: options.columns };
  return {
    disk,
    stdout: () => output.join(''),
    stderr: () => messages.join(''),
    workingDirectory,
    packageDirectory: '/package',
    version: '0.0.0-test',
    programName: options.programName ?? 'ambit',
    environment: options.environment ?? {},
    files: disk.files,
    output: { ...stream, write: (text) => void output.push(text) },
    messages: { ...stream, write: (text) => void messages.push(text) },
    process: { id: 100, machine: 'here', isAlive: () => false, ...options.process },
    run: async () => ({ code: 127, output: '', messages: '' }),
    makeTemporaryDirectory: () => {
      disk.files.makeDirectory('/temporary');
      return '/temporary';
    },
    readStandardInput: async () => new TextEncoder().encode(options.standardInput ?? ''),
    conversation: () => ({ input: new PassThrough(), output: new PassThrough() }),
    startWorker: () => undefined,
    now: () => new Date('2026-11-20T12:00:00Z'),
    wait: async () => options.wait?.(),
    withoutInterruption: (work) => work(),
  };
}

function put(disk: MemoryDisk, path: string, content: string | Uint8Array | { readonly link: string }): void {
  disk.files.makeDirectory(dirname(path));
  if (typeof content === 'string') disk.files.write(path, content);
  else if (content instanceof Uint8Array) disk.nodes.set(path, { kind: 'file', bytes: content });
  else disk.nodes.set(path, { kind: 'link', to: content.link });
}

type Node =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'directory' }
  | { readonly kind: 'link'; readonly to: string }
  | { readonly kind: 'other' };

export interface MemoryDisk {
  readonly nodes: Map<string, Node>;
  readonly files: FileSystem;
  /** Every operation that changes the disk passes here first; it may throw what the system, or death, would. */
  beforeChange: (operation: string, path: string) => void;
  /** Every read passes here first. */
  beforeRead: (path: string) => void;
  /** The texts below a directory, by relative path. */
  tree(directory: string): Record<string, string>;
}

export class SystemError extends Error {
  constructor(
    readonly code: string,
    path: string,
  ) {
    super(`${code}: ${path}`);
  }
}

export function memoryDisk(): MemoryDisk {
  const nodes = new Map<string, Node>([['/', { kind: 'directory' }]]);

  const real = (path: string, hops = 0): string => {
    if (hops > 40) throw new SystemError('ELOOP', path);
    if (path === '/') return path;
    const here = resolve(real(dirname(path), hops), basename(path));
    const node = nodes.get(here);
    if (node === undefined) throw new SystemError('ENOENT', path);
    return node.kind === 'link' ? real(resolve(dirname(here), node.to), hops + 1) : here;
  };
  const nodeAt = (path: string): Node => {
    const node = nodes.get(real(path));
    if (node === undefined) throw new SystemError('ENOENT', path);
    return node;
  };
  const placeOf = (path: string): string => resolve(real(dirname(path)), basename(path));
  const below = (path: string): string[] => [...nodes.keys()].filter((key) => key.startsWith(`${path}/`));

  const disk: MemoryDisk = {
    nodes,
    beforeChange: () => {},
    beforeRead: () => {},
    tree(directory) {
      const paths = below(directory).sort(compareText);
      return Object.fromEntries(
        paths.flatMap((path) => {
          const node = nodes.get(path);
          return node?.kind === 'file'
            ? [[path.slice(directory.length + 1), new TextDecoder().decode(node.bytes)]]
            : [];
        }),
      );
    },
    files: {
      status(path) {
        const node = nodeAt(path);
        return { kind: node.kind, size: node.kind === 'file' ? node.bytes.length : 0 };
      },
      realPath: (path) => real(path),
      list(directory) {
        disk.beforeRead(directory);
        const place = real(directory);
        if (nodes.get(place)?.kind !== 'directory') throw new SystemError('ENOTDIR', directory);
        const names = below(place === '/' ? '' : place).filter((path) => dirname(path) === place);
        return names.sort(compareText).map((path) => ({ name: basename(path), kind: kindAt(nodes, path) }));
      },
      read(path) {
        disk.beforeRead(path);
        const node = nodeAt(path);
        if (node.kind !== 'file') throw new SystemError('EISDIR', path);
        return node.bytes;
      },
      write(path, text) {
        disk.beforeChange('write', path);
        nodes.set(placeOf(path), { kind: 'file', bytes: new TextEncoder().encode(text) });
      },
      create(path, text) {
        disk.beforeChange('create', path);
        const place = placeOf(path);
        if (nodes.has(place)) throw new SystemError('EEXIST', path);
        nodes.set(place, { kind: 'file', bytes: new TextEncoder().encode(text) });
      },
      link(file, name) {
        disk.beforeChange('link', name);
        nodes.set(placeOf(name), nodeAt(file));
      },
      makeDirectory(path) {
        if (nodes.get(path)?.kind === 'directory') return;
        if (nodes.has(path)) throw new SystemError('ENOTDIR', path);
        disk.files.makeDirectory(dirname(path));
        disk.beforeChange('makeDirectory', path);
        nodes.set(resolve(real(dirname(path)), basename(path)), { kind: 'directory' });
      },
      rename(from, to) {
        disk.beforeChange('rename', from);
        const [source, target] = [placeOf(from), placeOf(to)];
        const node = nodes.get(source);
        if (node === undefined) throw new SystemError('ENOENT', from);
        if (node.kind === 'directory' && below(target).length > 0) throw new SystemError('ENOTEMPTY', to);
        for (const path of below(source)) move(nodes, path, `${target}${path.slice(source.length)}`);
        move(nodes, source, target);
      },
      remove(path) {
        if (!nodes.has(path)) return;
        for (const inner of [...below(path).reverse(), path]) {
          disk.beforeChange('remove', inner);
          nodes.delete(inner);
        }
      },
      flush: () => {},
      nextEvent: () => ({ happened: Promise.resolve(), cancel: () => {} }),
    },
  };
  return disk;
}

function kindAt(nodes: ReadonlyMap<string, Node>, path: string): FileKind {
  return nodes.get(path)?.kind ?? 'other';
}

function move(nodes: Map<string, Node>, from: string, to: string): void {
  const node = nodes.get(from);
  if (node === undefined) return;
  nodes.delete(from);
  nodes.set(to, node);
}
