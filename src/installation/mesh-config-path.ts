import type { ManifestObject, Path } from '../parse/document.js';

/** Fields have two spellings: istiod reads protobuf's JSON, which takes `enable_auto_mtls` as well. */
export function pathIn(object: ManifestObject, base: Path, [name, ...rest]: readonly string[]): Path {
  if (name === undefined) return base;
  const other = [...base, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
  return pathIn(object, isWritten(object, other) ? other : [...base, name], rest);
}

export function isWritten({ value }: ManifestObject, path: Path): boolean {
  const found = path.reduce<unknown>((at, key) => Object(at)[key], value);
  return found !== undefined && found !== null;
}
