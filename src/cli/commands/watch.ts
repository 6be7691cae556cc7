import { dirname, resolve } from 'node:path';
import type { ExitCode } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { type InputOptions, type Loaded, load } from '../project/load.js';
import { usageError } from '../usage-error.js';
import { displayPathFrom, type Session, tell } from './session.js';

/** Editors write a file in several steps, and several files at once. */
const settleMilliseconds = 100;

/**
 * Runs a command, and again whenever what it reads has changed, until the process is interrupted. What it writes itself
 * is no input, and starts nothing.
 */
export async function runWatching(
  session: Session,
  options: InputOptions,
  command: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const { host } = session;
  if (options.filename.includes('-')) return usageError(session, 'what comes from stdin cannot be watched');
  let read = await readInputs(host, options);
  for (;;) {
    await command();
    tell(session, `watching ${read.texts.size === 1 ? 'one file' : `${read.texts.size} files`}`);
    const { changed, inputs } = await nextChange(host, options, read);
    tell(session, `\nchanged: ${changed.map(displayPathFrom(host, read.directory)).join(', ')}`);
    read = inputs;
  }
}

/** What was read: the texts by path, and what their paths are relative to. */
interface Inputs extends Pick<Loaded, 'directory'> {
  readonly texts: ReadonlyMap<string, string>;
}

interface Change {
  readonly changed: readonly string[];
  /** What is read from now on. */
  readonly inputs: Inputs;
}

async function readInputs(host: Host, options: InputOptions): Promise<Inputs> {
  const { sources, directory } = (await load(host, options)).value;
  return { directory, texts: new Map(sources.map(({ path, text }) => [path, text])) };
}

/** Waits until something that is read has changed, and says what. What changed while the command ran counts. */
async function nextChange(host: Host, options: InputOptions, before: Inputs): Promise<Change> {
  for (;;) {
    const woken = host.files.nextEvent(directoriesOf(before, host));
    const inputs = await readInputs(host, options);
    const changed = differing(before, inputs);
    if (changed.length > 0) {
      woken.cancel();
      return { changed, inputs };
    }
    await woken.happened;
    await host.wait(settleMilliseconds);
  }
}

/** Every directory that holds a file, and those above it up to the project, where a new one may appear. */
function directoriesOf({ texts, directory }: Inputs, { workingDirectory }: Host): readonly string[] {
  const all = new Set([directory, workingDirectory]);
  for (const path of texts.keys()) {
    let holder = dirname(resolve(directory, path));
    while (!all.has(holder) && holder !== dirname(holder)) {
      all.add(holder);
      if (!holder.startsWith(`${directory}/`)) break;
      holder = dirname(holder);
    }
  }
  return [...all];
}

function differing({ texts: before }: Inputs, { texts: after }: Inputs): readonly string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}
