import type { Host } from './host.js';
import { systemErrorCode } from './system-error.js';

const pollMilliseconds = 50;
const patienceMilliseconds = 10_000;
/** A run writes its name right after it makes the lock. One that has not for so long was killed in between. */
const namelessMilliseconds = 3_000;

type Locked<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'busy'; readonly owner: string };

/**
 * Runs `work` to its end while this process alone holds the lock file at `path`. Waits a while for another run to end,
 * which may be interrupted; the lock of a run that was killed is taken over.
 */
export async function withLock<T>(host: Host, path: string, work: () => Promise<T>): Promise<Locked<T>> {
  const own = `${host.process.id} ${host.process.machine} ${host.now().getTime()}`;
  const owner = await acquire(host, path, own);
  if (owner !== undefined) return { kind: 'busy', owner };
  return host.withoutInterruption(async () => {
    try {
      return { kind: 'done', value: await work() };
    } finally {
      host.files.remove(path);
    }
  });
}

/** Answers with the owner who would not let go; `undefined` means that the lock is held. */
async function acquire(host: Host, path: string, own: string): Promise<string | undefined> {
  let current: string | undefined;
  let nameless = 0;
  for (let waited = 0; waited <= patienceMilliseconds; waited += pollMilliseconds) {
    if (tryCreate(host, path, own)) return undefined;
    current = readLock(host, path);
    nameless = current === '' ? nameless + pollMilliseconds : 0;
    if (current !== undefined && isAbandoned(host, current, nameless)) takeOver(host, path, current);
    else await host.wait(pollMilliseconds);
  }
  return current ?? 'another run';
}

function tryCreate(host: Host, path: string, own: string): boolean {
  try {
    host.files.create(path, own);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function readLock(host: Host, path: string): string | undefined {
  try {
    return new TextDecoder().decode(host.files.read(path));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** An owner on another machine cannot be asked, so its lock stands. */
function isAbandoned({ process }: Host, current: string, nameless: number): boolean {
  const [id = '', machine] = current.split(' ');
  if (machine === undefined) return current !== '' || nameless >= namelessMilliseconds;
  if (machine !== process.machine) return false;
  return Number(id) === process.id || !process.isAlive(Number(id));
}

/** Moves the lock away and looks at what was moved: should a live run have been quicker, it gets its lock back. */
function takeOver(host: Host, path: string, abandoned: string): void {
  const aside = `${path}.${host.process.id}`;
  try {
    host.files.rename(path, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = readLock(host, aside);
  if (moved !== undefined && moved !== abandoned) tryCreate(host, path, moved);
  host.files.remove(aside);
}
