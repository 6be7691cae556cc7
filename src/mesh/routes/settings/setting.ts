import type { ManifestObject, Path } from '../../../parse/document.js';

/** A value that some proxy goes by, and who decided it; or why it is not known. */
export type Setting<T> =
  | { readonly known: true; readonly value: T; readonly by: Place | undefined }
  | { readonly known: false; readonly why: string };

/** The line that decides; where there is none it is Istio's own default. */
export interface Place {
  readonly object: ManifestObject;
  readonly place: Path;
}

export function byDefault<T>(value: T): Setting<T> {
  return { known: true, value, by: undefined };
}

export function saidBy<T>(value: T, { object, place }: Place): Setting<T> {
  return { known: true, value, by: { object, place } };
}

export function open<T>(why: string): Setting<T> {
  return { known: false, why };
}

/** The one value of all that may hold, or why it is not known which does. */
export function agreed<T>(settings: readonly Setting<T>[], why: string): Setting<T> {
  const [first, ...others] = settings;
  if (first === undefined) return open(why);
  return others.every((other) => isSame(first, other)) ? first : open(why);
}

function isSame<T>(left: Setting<T>, right: Setting<T>): boolean {
  return left.known && right.known && JSON.stringify(left.value) === JSON.stringify(right.value);
}
