import { type Diagnostic, hasErrors, type Result } from './diagnostics/diagnostic.js';
import { emit } from './emit/emit.js';
import type { Manifest } from './emit/manifest.js';
import { type OutputFile, outputFiles } from './emit/output-files.js';
import type { Provenance } from './emit/provenance.js';
import { lower } from './ir/lower.js';
import type { PlacedIr, PolicyIr } from './ir/policy-ir.js';
import type { Intent } from './parse/ast.js';
import { parseSources, type Source } from './parse/parse-sources.js';
import { passes } from './passes/index.js';
import { type PassTrace, runPasses } from './passes/pass.js';
import { placeEnforcement } from './passes/place-enforcement.js';
import { resolve } from './resolve/resolve.js';
import { buildTopology } from './topology/build-topology.js';
import type { Topology } from './topology/model.js';

export type { OutputFile, Provenance, Source };
export { findManifestPaths } from './parse/parse-sources.js';

export interface CompileOptions {
  /** The day that acceptances are measured against, as YYYY-MM-DD; the compiler has no clock. */
  readonly today: string;
  readonly provenance: Provenance;
  /** Whether to record what each pass changed. */
  readonly trace?: boolean;
}

/** Every state of a compilation, as far as it came. There are files only if nothing is wrong. */
export interface CompileResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly intents: readonly Intent[] | undefined;
  readonly topology: Topology | undefined;
  readonly ir: PolicyIr | undefined;
  readonly placed: PlacedIr | undefined;
  readonly traces: readonly PassTrace[];
  readonly manifests: readonly Manifest[];
  readonly files: readonly OutputFile[];
}

/**
 * The compiler: text in, text out. Pure and deterministic; the order of the sources does not matter. A stage with errors
 * ends the run after it has reported all of them; warnings travel on.
 */
export function compile(sources: readonly Source[], options: CompileOptions): CompileResult {
  const run = startRun();

  const { intents, mesh, objects } = run.stage(parseSources(sources));
  const topology = run.stage(buildTopology(mesh, objects));
  if (run.failed()) return run.result({ intents, topology });

  const resolved = run.stage(resolve(intents, topology, options.today));
  if (run.failed()) return run.result({ intents, topology });

  const passed = runPasses(lower(resolved), passes, options.trace ?? false);
  const ir = run.stage(passed);
  const placed = run.stage(placeEnforcement(ir));
  const states = { intents, topology, ir, placed, traces: passed.traces };
  if (run.failed()) return run.result(states);

  const manifests = run.stage(emit(placed, options.provenance));
  if (run.failed()) return run.result(states);
  return run.result({ ...states, manifests, files: outputFiles(manifests) });
}

/** Collects what the stages say. */
function startRun() {
  const diagnostics: Diagnostic[] = [];
  const nothing = { intents: undefined, topology: undefined, ir: undefined, placed: undefined, traces: [], manifests: [], files: [] };
  return {
    stage<T>({ value, diagnostics: found }: Result<T>): T {
      diagnostics.push(...found);
      return value;
    },
    failed: () => hasErrors(diagnostics),
    result: (states: Partial<CompileResult>): CompileResult => ({ ...nothing, ...states, diagnostics }),
  };
}
