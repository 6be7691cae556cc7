/** What a system says of a file, with the times in milliseconds. */
interface Written {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** The coarsest clock of a file system in use ticks every two seconds, and says whole ones. */
const coarseTick = 2000;
/** A file system that says fractions of a millisecond takes them from its kernel's clock, which ticks a hundred times a second or more. */
const fineTick = 20;

/**
 * What changes with every write to a file, whoever sets back the time of its last change. A file that was written within a tick
 * of the clock may be written again within it, and nothing would tell: it has no stamp yet.
 */
export function stampOf({ ino, size, mtimeMs, ctimeMs }: Written, now: number): readonly number[] | undefined {
  const tick = Number.isInteger(ctimeMs) ? coarseTick : fineTick;
  return now - ctimeMs > tick && now - mtimeMs > tick ? [ino, size, mtimeMs, ctimeMs] : undefined;
}
