import { clustersOf } from './acceptances/finding.js';
import { isBeforeEnd, isInForce } from './acceptances/in-force.js';
import { type Accepted, settle } from './acceptances/settle.js';
import { type Diagnostic, hasErrors, identityOf, type Result } from './diagnostics/diagnostic.js';
import { emit } from './emit/emit.js';
import { plannedObject } from './emit/gateways/planned-object.js';
import type { Manifest } from './emit/manifest.js';
import { type OutputFile, outputFiles } from './emit/output-files.js';
import type { Provenance } from './emit/provenance.js';
import { settleMesh } from './installation/settle.js';
import { withIstioVersion } from './installation/with-istio-version.js';
import { withKnownDestinations, withKnownPolicies } from './ir/as-before.js';
import { inherit } from './ir/inherit/inherit.js';
import { lower } from './ir/lower.js';
import type { PlacedIr, PolicyIr } from './ir/policy-ir.js';
import { lintMesh } from './lint/lint-mesh.js';
import { lintPlaintextCallers } from './lint/plaintext-callers.js';
import { lintProxiesCutOff } from './lint/proxies-cut-off.js';
import { lintForErrors, lintTopology } from './lint/topology/lint-topology.js';
import { refusedObjects } from './mesh/admission/refused-objects.js';
import { withoutRefusedObjects } from './mesh/admission/without-refused.js';
import { type AppliedFile, ofClusters } from './mesh/applied.js';
import { type Deployed, deploy } from './mesh/deployed.js';
import type { Mesh } from './mesh/mesh.js';
import { overlay } from './mesh/overlay.js';
import type { Acceptance, AcceptedGap } from './parse/acceptance.js';
import type { Intent, SecuritySettings } from './parse/ast.js';
import type { IstioVersion, MeshSettings } from './parse/mesh.js';
import { parseSources, type Source } from './parse/parse-sources.js';
import type { WrittenWaypoints } from './parse/waypoints.js';
import { passes } from './passes/index.js';
import { type PassTrace, runPasses } from './passes/pass.js';
import { placeEnforcement } from './passes/place-enforcement.js';
import { shadowOf, watchShadow } from './passes/shadow/watch-shadow.js';
import { judgePolicyTests } from './policy-tests/judge.js';
import type { TestOutcome } from './policy-tests/outcome.js';
import { type OutputProof, type ProofOfOutput, proveManifests, proveOutput } from './proof/prove-output.js';
import { isSureWithout } from './resolve/beside-faults.js';
import type { PlannedGateway } from './resolve/planned-gateway.js';
import { resolve } from './resolve/resolve.js';
import type { Resolved } from './resolve/resolved-intents.js';
import { enforcedOf, isShadow } from './resolve/stages.js';
import { planGateways } from './resolve/traffic/listeners/plan-gateways.js';
import { buildTopology, readTopology, readTopologyOf } from './topology/build-topology.js';
import type { Topology } from './topology/model.js';
import { type ClusterObject, sortOut } from './topology/objects-by-namespace.js';
import { type Memory, newMemory, type Recall } from './util/memory.js';
import { type Progress, untold } from './util/progress.js';

export { findManifestPaths } from './parse/parse-sources.js';
export type { Accepted, OutputFile, Provenance, Source };

export interface CompileOptions {
  /** The day that acceptances are measured against, as YYYY-MM-DD. The compiler has no clock: without it none holds that has a last day. */
  readonly today?: string | undefined;
  /** What was said while the sources were read, for whoever reads files: it is reported and accepted as all else is. */
  readonly said?: readonly Diagnostic[];
  /** What a command is told to read these sources: commands that are printed name it. */
  readonly inputs?: readonly string[];
  /** How much the comments in the output say; `full` unless said. */
  readonly provenance?: Provenance;
  /** Whether the objects carry Argo CD's sync waves. */
  readonly syncWaves?: boolean;
  /** What earlier runs have found, where somebody compiles almost the same again; this run adds to it. */
  readonly memory?: Memory | undefined;
  /** Told how far the work has come. */
  readonly progress?: Progress | undefined;
  /** Whether to record what each pass changed. */
  readonly trace?: boolean;
  /** Whether to run AccessTests too; guardrails are judged every time. */
  readonly accessTests?: boolean;
  /** Whether to prove that the output means what the intents say; `true` unless somebody debugs. */
  readonly verify?: boolean;
  /** Whether to look for what is suspicious in the deployment and stops no output; `true` unless nobody is told. */
  readonly lint?: boolean;
  /** The version of Istio that every cluster is taken to have, whatever is said of it. */
  readonly istioVersion?: IstioVersion | undefined;
  /** What is made of the deployment before anything is asked of it: another state of the same mesh. */
  readonly reshape?: Reshape | undefined;
}

/** The settings of a mesh, and the objects in it. */
export interface Deployment {
  readonly mesh: MeshSettings;
  readonly objects: readonly ClusterObject[];
}

export type Reshape = (deployment: Deployment) => Deployment;

/** Every state of a compilation, as far as it came. There are files only if nothing is wrong. */
export interface CompileResult {
  readonly diagnostics: readonly Diagnostic[];
  /** What was found and is accepted; it is no longer among the diagnostics. */
  readonly accepted: readonly Accepted[];
  /** All that the sources accept, whether or not it was found. */
  readonly acceptances: readonly Acceptance[];
  readonly intents: readonly Intent[] | undefined;
  /** The given manifests, object by object. */
  readonly objects: readonly ClusterObject[];
  readonly topology: Topology | undefined;
  /** The intents that are in force, every name bound. */
  readonly resolved: Resolved | undefined;
  readonly ir: PolicyIr | undefined;
  readonly placed: PlacedIr | undefined;
  readonly traces: readonly PassTrace[];
  readonly manifests: readonly Manifest[];
  readonly files: readonly OutputFile[];
  /** The same files, also where the proof or a guardrail refuses them: to be looked at, and never to be written. */
  readonly judged: readonly OutputFile[];
  /** What was compared with the intents; `undefined` where nothing was. */
  readonly proof: OutputProof | undefined;
  /** What became of the guardrails, and of the cases of AccessTests where they were run. */
  readonly tests: readonly TestOutcome[];
}

/**
 * The compiler: text in, text out. Pure and deterministic; the order of the sources does not matter. A stage with errors
 * ends the run after it has reported all of them; warnings travel on.
 */
export function compile(sources: readonly Source[], options: CompileOptions = {}): CompileResult {
  const { memory = newMemory() } = options;
  const result = compileRecalling(sources, options, memory.recall);
  // What the proof refuses was computed to its end.
  memory.endRun(result.judged.length > 0 || !hasErrors(result.diagnostics));
  return result;
}

function compileRecalling(sources: readonly Source[], options: CompileOptions, recall: Recall): CompileResult {
  const run = startRun(sources, options);

  const { istioVersion, progress = untold } = options;
  const read = run.read(parseSources(sources, undefined, recall, progress));
  const { intents, partly, waypoints } = read;
  progress('reading the deployment');
  const declared = run.stage(
    recall('settings', '', [read.mesh, read.objects], () => settleMesh(read.mesh, read.objects)),
  );
  const settled = recall('settings of a version', '', [declared, istioVersion], () =>
    withIstioVersion(declared, istioVersion),
  );
  const { mesh, objects } = reshaped({ mesh: settled, objects: read.objects }, options);
  const given = run.stage(buildTopology(mesh, objects, recall));
  const isRead = run.hasReadAll(partly.faults);
  if (options.lint ?? true) run.report(lintTopology(given, recall), 'AMB25');
  else run.report(lintForErrors(given));
  if (!isRead) return run.result({ intents, topology: given });
  if (partly.leftOut.length > 0) {
    reportRest(run, { ...read, objects }, given);
    return run.result({ intents, topology: given });
  }

  const { planned, wanted: topology } = withPlannedGateways(run, intents, given, objects, recall);

  progress('binding names');
  const accepted = recall('accepted objects', '', [topology], () => withoutRefusedObjects(topology));
  const { resolved, asIfEnforced } = resolveStages(run, intents, accepted, planned, waypoints, recall);
  if (run.failed()) return run.result({ intents, topology });

  progress('choosing where rules are enforced');
  const inherited = run.stage(inherit(resolved));
  if (run.failed()) return run.result({ intents, topology, resolved });

  const passed = runPasses(withKnownDestinations(lower(inherited), recall), passes, options.trace ?? false, recall);
  const ir = run.stage(passed);
  const decided = run.stage(placeEnforcement(ir, recall), 'AMB3');
  const shadows = intents.filter(isShadow);
  const whole = asIfEnforced ? placeShadow(run, decided, asIfEnforced, shadows, recall) : decided;
  const placed = withKnownPolicies(whole, recall);
  run.leaves(placed.acceptedGaps);
  const states = { intents, objects, topology, resolved, ir, placed, traces: passed.traces };
  if (run.failed()) return run.result(states);

  progress('writing policies');
  const manifests = run.stage(
    emit(placed, { provenance: options.provenance ?? 'full', syncWaves: options.syncWaves ?? false }),
  );
  if (run.failed()) return run.result(states);

  const files = outputFiles(manifests);
  const { guardrails } = resolved;
  const accessTests = options.accessTests ? intents.filter((intent) => intent.kind === 'AccessTest') : [];
  const verify = options.verify ?? true;
  if (!verify && guardrails.length + accessTests.length === 0) {
    return run.result({ ...states, manifests, files, judged: files });
  }

  const deployed = deployedOf(run, { mesh, objects, files }, recall);
  const proof = verify
    ? run.stage(proveOutput(resolved, deployed, 'just written', { recall, progress }), ...codesOfProof)
    : undefined;
  if (run.failed()) return run.result({ ...states, proof, judged: files });

  const tests = run.stage(judgePolicyTests({ guardrails, accessTests }, deployed, options.inputs ?? []), 'AMB52');
  if (run.failed()) return run.result({ ...states, proof, tests, judged: files });
  return run.result({ ...states, proof, tests, manifests, files, judged: files });
}

function reshaped(deployment: Deployment, { reshape }: Pick<CompileOptions, 'reshape'>): Deployment {
  return reshape === undefined ? deployment : reshape(deployment);
}

export interface VerifyOptions extends Pick<CompileOptions, 'today' | 'said' | 'reshape' | 'memory' | 'progress'> {
  /** The files of an output directory, which are applied over the manifests. */
  readonly applied?: readonly AppliedFile[];
  /**
   * What the intents say, where their names are bound already: of a mesh that is on the move they say the same all the way. Who
   * binds them has told what is wrong with them, and with the manifests.
   */
  readonly resolved?: Resolved;
  /** The mesh in a state before, where what policies by hand refused in it too is to be told apart. */
  readonly earlier?: Mesh | undefined;
}

/** What a verification found; `proof` is absent where the input already is wrong, and where no intents are given. */
export interface VerifyResult {
  readonly diagnostics: readonly Diagnostic[];
  readonly accepted: readonly Accepted[];
  readonly acceptances: readonly Acceptance[];
  readonly proof: OutputProof | undefined;
  /** The deployment that was judged, the output applied; absent where the input already is wrong. */
  readonly topology: Topology | undefined;
  readonly objects: readonly ClusterObject[];
  /** How many ways into workloads were examined. */
  readonly ways: number;
}

/**
 * Proves, without compiling, that manifests mean what the intents say: the manifests among the sources as they stand, or
 * with the files of an output directory applied over them. Without intents there is nothing to compare with, and the
 * manifests are judged by themselves: what their policies do not do, though they seem to.
 */
export function verify(sources: readonly Source[], options: VerifyOptions = {}): VerifyResult {
  const { memory = newMemory() } = options;
  const result = verifyRecalling(sources, options, memory.recall);
  memory.endRun(result.proof !== undefined || !hasErrors(result.diagnostics));
  return result;
}

function verifyRecalling(sources: readonly Source[], options: VerifyOptions, recall: Recall): VerifyResult {
  const { applied, progress = untold, earlier } = options;
  const run = startRun(sources, options);

  const read = run.read(parseSources(sources, undefined, recall, progress));
  const { intents, partly, waypoints } = read;
  const settled = run.stage(
    recall('settings', '', [read.mesh, read.objects], () => settleMesh(read.mesh, read.objects)),
  );
  const { mesh, objects } = reshaped({ mesh: settled, objects: read.objects }, options);
  const files = applied && ofClusters(applied, mesh);
  if (options.resolved !== undefined && files !== undefined) {
    const { resolved } = options;
    const before = () => topologyWith(resolved.plannedGateways, readTopology(mesh, objects, recall), objects);
    return proveApplied(run, resolved, { mesh, objects, files, before }, { recall, progress, earlier });
  }
  const topology = run.stage(buildTopology(mesh, objects, recall));
  const isRead = run.hasReadAll(partly.faults);
  run.report(lintTopology(topology, recall), 'AMB25');
  if (!isRead) return { ...run.result({}), ways: 0 };
  if (partly.leftOut.length > 0) {
    reportRest(run, { ...read, objects }, topology);
    return { ...run.result({}), ways: 0 };
  }

  if (intents.length === 0) {
    const { ways } = run.stage(lintMesh(topology), 'AMB53', 'AMB54');
    return { ...run.result({ objects, topology }), ways };
  }

  const { planned, wanted } = withPlannedGateways(run, intents, topology, objects, recall);

  const accepted = recall('accepted objects', '', [wanted], () => withoutRefusedObjects(wanted));
  const { resolved } = resolveStages(run, intents, accepted, planned, waypoints, recall);
  if (run.failed()) return { ...run.result({}), ways: 0 };

  if (files !== undefined) return proveApplied(run, resolved, { mesh, objects, files }, { recall, progress, earlier });
  const proof = run.stage(proveManifests(resolved, withoutRefusedObjects(topology), { progress }), ...codesOfProof);
  return { ...run.result({ objects, topology, proof }), ways: proof.lanes };
}

const codesOfProof = ['AMB50', 'AMB512'];

/** A deployment, and the output that is applied over it. */
interface Applied extends Deployment, Pick<ProofOfOutput, 'before'> {
  readonly files: readonly AppliedFile[];
}

/** What stands once the output is applied, with what is wrong with it whatever the intents say. */
function deployedOf(run: Run, { mesh, objects, files }: Applied, recall: Recall): Deployed {
  const deployed = run.stage(deploy(mesh, objects, files, recall));
  run.report(lintPlaintextCallers(deployed.mesh), 'AMB5318', 'AMB5355');
  run.report(lintProxiesCutOff(deployed.mesh), 'AMB5453', 'AMB5454', 'AMB5455');
  return deployed;
}

function proveApplied(
  run: Run,
  resolved: Resolved,
  { mesh, objects, files, before }: Applied,
  aids: Required<Pick<ProofOfOutput, 'recall' | 'progress' | 'earlier'>>,
): VerifyResult {
  const deployed = deployedOf(run, { mesh, objects, files }, aids.recall);
  const proof = run.stage(proveOutput(resolved, deployed, 'lies there', { ...aids, before }), ...codesOfProof);
  const { topology } = deployed.mesh;
  return {
    ...run.result({ topology, proof }),
    ways: proof.lanes,
    get objects() {
      return deployed.objects;
    },
  };
}

type Read = ReturnType<typeof parseSources>['value'];

/** What is wrong with the rest of intents with faults, whatever stands in their place once they are mended. */
function reportRest(run: Run, { intents, partly, objects, waypoints }: Read, given: Topology): void {
  const { value: planned, diagnostics } = planGateways(intents, given, objects);
  const topology = topologyWith(planned, given, objects);
  const resolved = resolve(intents, topology, run, planned, waypoints);
  run.report([...diagnostics, ...resolved.diagnostics].filter(isSureWithout(partly.leftOut)));
}

interface Stages {
  readonly resolved: Resolved;
  /** Everything, as if stage Shadow were Enforce; absent where nothing has that stage. */
  readonly asIfEnforced?: Resolved;
}

/** What is in force, and what would be; a fault of both is told once. */
function resolveStages(
  run: Run,
  intents: readonly Intent[],
  topology: Topology,
  planned: readonly PlannedGateway[],
  waypoints: readonly WrittenWaypoints[],
  recall: Recall,
): Stages {
  const resolved = run.stage(resolve(enforcedOf(intents), topology, run, planned, waypoints, recall), 'AMB20');
  if (!intents.some(isShadow)) return { resolved };
  return { resolved, asIfEnforced: run.again(resolve(intents, topology, run, planned, waypoints, recall)) };
}

/** What is enforced, with the policies beside it that are only watched: nothing happens yet of what warnings would say of them. */
function placeShadow(
  run: Run,
  enforced: PlacedIr,
  resolved: Resolved,
  shadows: readonly SecuritySettings[],
  recall: Recall,
): PlacedIr {
  const ir = run.errorsAgain(runPasses(lower(run.errorsAgain(inherit(resolved))), passes, false, recall));
  const asIfEnforced = run.errorsAgain(placeEnforcement(ir, recall));
  return run.stage(watchShadow(enforced, asIfEnforced, shadows.map(shadowOf)));
}

/** The Gateways that intents describe, and the topology as it is with them. */
function withPlannedGateways(
  run: Run,
  intents: readonly Intent[],
  given: Topology,
  objects: readonly ClusterObject[],
  recall: Recall,
): { readonly planned: readonly PlannedGateway[]; readonly wanted: Topology } {
  const describing = intents.filter((intent) => intent.kind === 'TrafficSettings');
  const planned = run.stage(
    recall('planned gateways', '', [given, objects, ...describing], () => planGateways(describing, given, objects)),
  );
  const wanted = recall('topology with gateways', '', [given, objects, planned], () =>
    withGateways(given, objects, planned),
  );
  run.report(
    recall('refused objects', '', [given], () => refusedObjects(given)),
    'AMB5390',
  );
  return { planned, wanted };
}

/** What names are bound to: all that is given or described, but for what the API server refuses. */
function topologyWith(
  planned: readonly PlannedGateway[],
  given: Topology,
  objects: readonly ClusterObject[],
): Topology {
  return withoutRefusedObjects(withGateways(given, objects, planned));
}

/** The topology with the Gateways that intents describe, which rules and routes may name like any other. */
function withGateways(
  given: Topology,
  objects: readonly ClusterObject[],
  planned: readonly PlannedGateway[],
): Topology {
  if (planned.length === 0) return given;
  const emitted = planned.map((gateway) => ({ cluster: gateway.cluster, object: plannedObject(gateway) }));
  return readTopologyOf(given.mesh, overlay(sortOut(objects), sortOut(emitted)));
}

/** Errors beside which all else was read as it stands, so that what is wrong with it is told in the same run. */
const leavingNothingOut: ReadonlySet<Diagnostic['name']> = new Set<Diagnostic['name']>([
  'unknown-flag',
  'unknown-istio-kind',
  'duplicate-caller',
  'settings-of-no-gateway',
]);

/**
 * Collects what the stages say, and settles at the end what of it is accepted. A stage that was passed through names with
 * what the codes begin that it looked for.
 */
function startRun(sources: readonly Source[], { today, said = [] }: Pick<CompileOptions, 'today' | 'said'>) {
  const found: Diagnostic[] = [...said];
  const lookedFor = ['AMB0', 'AMB1'];
  const accepts: { acceptances: Result<readonly Acceptance[]>; gaps: readonly AcceptedGap[] | undefined } = {
    acceptances: { value: [], diagnostics: [] },
    gaps: undefined,
  };
  const clusterOf = clustersOf(sources);
  const nothing = {
    intents: undefined,
    objects: [],
    topology: undefined,
    resolved: undefined,
    ir: undefined,
    placed: undefined,
    traces: [],
    manifests: [],
    files: [],
    judged: [],
    proof: undefined,
    tests: [],
  };
  const run = {
    stage<T>({ value, diagnostics }: Result<T>, ...codes: readonly string[]): T {
      run.report(diagnostics, ...codes);
      return value;
    },
    /** A stage that is passed through for the second time, with more: what is known already is not told again. */
    again<T>({ value, diagnostics }: Result<T>): T {
      const told = new Set(found.map(identityOf));
      run.report(diagnostics.filter((each) => !told.has(identityOf(each))));
      return value;
    },
    errorsAgain: <T>({ value, diagnostics }: Result<T>): T =>
      run.again({ value, diagnostics: diagnostics.filter(({ severity }) => severity === 'error') }),
    report(diagnostics: readonly Diagnostic[], ...codes: readonly string[]): void {
      found.push(...diagnostics);
      lookedFor.push(...codes);
    },
    read(parsed: ReturnType<typeof parseSources>) {
      accepts.acceptances = parsed.value.acceptances;
      return run.stage(parsed);
    },
    leaves(gaps: readonly AcceptedGap[]): void {
      accepts.gaps = gaps;
    },
    today,
    isInForce: (acceptance: Acceptance) => isInForce(acceptance, today),
    isBeforeEnd: (until: string) => isBeforeEnd(until, today),
    failed: () => hasErrors(found),
    hasReadAll: (ofParts: ReadonlySet<Diagnostic>) =>
      !hasErrors(found.filter((each) => !leavingNothingOut.has(each.name) && !ofParts.has(each))),
    result(states: Partial<CompileResult>): CompileResult {
      const settled = settle({ ...accepts, found, lookedFor, today, clusterOf });
      // An acceptance that has ended is found last, and stops the output as any other error does.
      const files = hasErrors(settled.diagnostics) ? { manifests: [], files: [] } : {};
      return { ...nothing, ...states, ...files, ...settled, acceptances: accepts.acceptances.value };
    },
  };
  return run;
}

type Run = ReturnType<typeof startRun>;
