/** Ambit as a library: `compile` is pure, everything else is what it takes and returns. */
export type { Diagnostic, Located, Note, SourceFile, Span } from './diagnostics/diagnostic.js';
export type { Severity } from './diagnostics/entry.js';
export type { KubernetesObject, Manifest, Phase } from './emit/manifest.js';
export { printManifest, printStream } from './emit/print-yaml.js';
export {
  type CompileOptions,
  type CompileResult,
  compile,
  findManifestPaths,
  type OutputFile,
  type Provenance,
  type Source,
  type VerifyResult,
  verify,
} from './pipeline.js';
