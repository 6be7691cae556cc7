import type { Host } from './host.js';
import { systemErrorCode } from './system-error.js';

const pollMilliseconds = 50;
const patienceMilliseconds = 20_000;
/** A run writes its name right after it makes the lock. One that has not for so long was killed in between. */
const namelessMilliseconds = 3_000;
/** How often a run that is at work shows that it is. */
const renewalMilliseconds = 1_000;
/** A run on another machine cannot be asked whether it is alive. One that shows nothing for so long is not. */
const silentMilliseconds = 15_000;

/** What a run holds while it works. */
export interface Lease {
  /** To be called again and again: shows others that the run goes on. */
  renew(): void;
  /** Whether the lock is still its own: a run that slept for long may find it in other hands. */
  isHeld(): boolean;
}

type Locked<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'busy'; readonly owner: string };

/**
 * Runs `work` to its end while this process alone holds the lock file at `path`. Waits a while for another run to end,
 * which may be interrupted; the lock of a run that was killed is taken over.
 */
export async function withLock<T>(host: Host, path: string, work: (lease: Lease) => Promise<T>): Promise<Locked<T>> {
  const own = nameOf(host);
  const owner = await acquire(host, path, own);
  if (owner !== undefined) return { kind: 'busy', owner };
  const lease = leaseOn(host, path, own);
  return host.withoutInterruption(async () => {
    try {
      return { kind: 'done', value: await work(lease) };
    } finally {
      if (lease.isHeld()) host.files.remove(path);
    }
  });
}

/** Who holds a lock, and since when or until when it is known to work. */
function nameOf({ process, now }: Host): string {
  return `${process.id} ${process.machine} ${now().getTime()}`;
}

function leaseOn(host: Host, path: string, acquired: string): Lease {
  let own = acquired;
  let shown = host.now().getTime();
  const isHeld = () => readLock(host, path) === own;
  return {
    isHeld,
    renew() {
      const now = host.now().getTime();
      if (now - shown < renewalMilliseconds || !isHeld()) return;
      shown = now;
      own = nameOf(host);
      host.files.write(path, own);
    },
  };
}

/** Answers with the owner who would not let go; `undefined` means that the lock is held. */
async function acquire(host: Host, path: string, own: string): Promise<string | undefined> {
  let current: string | undefined;
  let unchanged = 0;
  for (let waited = 0; waited <= patienceMilliseconds; waited += pollMilliseconds) {
    if (tryCreate(host, path, own)) return undefined;
    const before = current;
    current = readLock(host, path);
    unchanged = current === before ? unchanged + pollMilliseconds : 0;
    if (current !== undefined && isAbandoned(host, current, unchanged)) takeOver(host, path, current);
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

/** `unchanged` says how long the lock has been seen as it is: no clock but the own one is asked. */
function isAbandoned({ process }: Host, current: string, unchanged: number): boolean {
  const [id = '', machine] = current.split(' ');
  if (machine === undefined) return current !== '' || unchanged >= namelessMilliseconds;
  if (machine !== process.machine) return unchanged >= silentMilliseconds;
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
