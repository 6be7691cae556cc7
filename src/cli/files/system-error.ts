/** The system's own code (`ENOENT`, …) of a failed file operation; `undefined` for anything else that was thrown. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use, or a mount point',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'it exists already',
  EISDIR: 'it is a directory',
  ELOOP: 'its links lead back to themselves',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of the path is not a directory',
  EOUTSIDE: 'it lies outside the directories that are open here',
  EPERM: 'not permitted',
  EROFS: 'the disk is read-only',
  EXDEV: 'it is on another disk',
};

/** Says why a file operation failed, as a person would. An error that is not the system's is a bug and is thrown on. */
export function reasonOf(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === undefined) throw error;
  return reasons[code] ?? code;
}
