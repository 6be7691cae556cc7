import type { Readable, Writable } from 'node:stream';

/** Everything outside the process that the command line touches, so that a test can stand in for all of it. */
export interface Host {
  /** Absolute. */
  readonly workingDirectory: string;
  /** Where the package's own schemas and pages lie; absolute. */
  readonly packageDirectory: string;
  readonly version: string;
  /** How the command is called: `ambit`, or `kubectl ambit` where kubectl found it as its plugin. */
  readonly programName: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: FileSystem;
  /** Data: what the command was asked for. */
  readonly output: OutputStream;
  /** Everything said about it. */
  readonly messages: OutputStream;
  readonly process: ProcessTable;
  /** Runs another program to its end; one that is not there answers as the shell does, with 127. */
  run(program: string, words: readonly string[], setting: ProgramSetting): Promise<ProgramResult>;
  /** A new directory of this process alone, for what is looked at and thrown away. */
  makeTemporaryDirectory(): string;
  /** Reads on until the end, or until there are more bytes than `limit`. */
  readStandardInput(limit: number): Promise<Uint8Array>;
  /** The bytes of stdin and stdout, for a conversation with another program. */
  conversation(): { readonly input: Readable; readonly output: Writable };
  /**
   * Starts this program once more beside this one, where it can be: a long answer that is looked for there keeps nobody here
   * waiting. Without stdin and stdout, which belong to this one.
   */
  startWorker(words: readonly string[]): MessageLink | undefined;
  /** To whoever started this program as a worker; absent where nobody did. */
  readonly employer?: EmployerLink;
  now(): Date;
  wait(milliseconds: number): Promise<void>;
  /** Runs `work` to its end even when the user interrupts meanwhile; the interruption takes effect afterwards. */
  withoutInterruption<T>(work: () => Promise<T>): Promise<T>;
}

export interface OutputStream {
  readonly isTerminal: boolean;
  /** How many cells a line of a terminal has. */
  readonly columns?: number | undefined;
  write(text: string): void;
}

/** Messages between this program and one that runs beside it. What is sent is data, and arrives as a copy. */
export interface MessageLink {
  send(message: unknown): void;
  /** Listens to the other from now on; `ended` is told once, when it is gone. */
  listen(heard: (message: unknown) => void, ended: () => void): void;
}

export interface EmployerLink extends MessageLink {
  /** The next message that has come and that nobody has heard: for whoever works without a pause. */
  next(): { readonly message: unknown } | undefined;
}

export interface ProgramSetting {
  /** Absolute. */
  readonly directory: string;
  /** Beside the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ProgramResult {
  readonly code: number;
  readonly output: string;
  readonly messages: string;
}

/** Who else runs on this machine: what tells a lock from the leftover of a killed run. */
export interface ProcessTable {
  readonly id: number;
  readonly machine: string;
  isAlive(id: number): boolean;
}

/** Paths are absolute. Every failure throws an error whose `code` is the system's (`ENOENT`, `EACCES`, …). */
export interface FileSystem {
  /** Follows links. */
  status(path: string): FileStatus;
  /** The path with every link followed. */
  realPath(path: string): string;
  /** Sorted by name; links are not followed. */
  list(directory: string): readonly DirectoryEntry[];
  read(path: string): Uint8Array;
  write(path: string, text: string): void;
  /** Writes a new file; fails with `EEXIST` where something has that name. */
  create(path: string, text: string): void;
  /** Gives a file one more name. Some file systems know no such thing, and fail. */
  link(file: string, name: string): void;
  /** With its parents; fine where it exists. */
  makeDirectory(path: string): void;
  rename(from: string, to: string): void;
  /** Fine where nothing has that name; a directory goes with all that it holds. */
  remove(path: string): void;
  /** Waits until a directory's entries are on the disk. */
  flush(directory: string): void;
  /** Waits until something happens to an entry of one of the directories. */
  nextEvent(directories: readonly string[]): FileEvent;
}

/** Something that is waited for. */
export interface FileEvent {
  readonly happened: Promise<void>;
  /** Ends the waiting. */
  cancel(): void;
}

export type FileKind = 'file' | 'directory' | 'link' | 'other';

export interface FileStatus {
  readonly kind: FileKind;
  readonly size: number;
  /** Another one as soon as the file says something else; absent where the system cannot tell yet, or ever. */
  readonly stamp?: readonly number[] | undefined;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}
