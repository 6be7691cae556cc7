/** Ambit as a library: what the commands do, as functions of texts. */
export type { Diagnostic, Located, Note, SourceFile, Span } from './diagnostics/diagnostic.js';
export type { Severity } from './diagnostics/entry.js';
export type { KubernetesObject, Manifest, Phase } from './emit/manifest.js';
export { printManifest, printStream } from './emit/print-yaml.js';
export { type PrintOptions, printDiagnostics } from './library/print-diagnostics.js';
export { type TestResult, test } from './library/test.js';
export { type TraceOptions, type TraceQuestion, type TraceResult, trace } from './library/trace.js';
export type { Acceptance } from './parse/acceptance.js';
export {
  type Accepted,
  type CompileOptions,
  type CompileResult,
  compile,
  findManifestPaths,
  type OutputFile,
  type Provenance,
  type Source,
  type VerifyOptions,
  type VerifyResult,
  verify,
} from './pipeline.js';
export type { TestOutcome } from './policy-tests/outcome.js';
export type { Trace } from './trace/trace.js';
