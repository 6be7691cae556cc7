import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CompileResult, OutputFile } from '../../pipeline.js';
import {
  type ChangeReport,
  changesBetween,
  changesToJson,
  changesToText,
  effectsOf,
  type ObjectAt,
} from '../../report/changes.js';
import { provedOf } from '../../report/proved.js';
import { paintDiff } from '../../report/tree-diff.js';
import { waypointsOf } from '../../report/waypoints/waypoints-of.js';
import { once } from '../../util/once.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodes } from '../exit-code.js';
import { checkTree } from '../files/check-tree.js';
import { type FoundTree, textsOf } from '../files/output-tree.js';
import { shownPath } from '../files/shown-path.js';
import { writeTree } from '../files/write-tree.js';
import { withKustomizations } from '../project/kustomization.js';
import type { Destination } from './destination.js';
import type { Session } from './session.js';
import { printStream } from './stream.js';

/** What a step of the command adds to its answer. */
export interface Outcome {
  readonly exitCode: ExitCode;
  readonly diagnostics: readonly Diagnostic[];
  /** What to tell a person when all went well. */
  readonly message?: string;
}

/** Hands over what was compiled: as a stream, into its directory, or in comparison with the directory. */
export async function deliver(session: Session, destination: Destination, result: CompileResult): Promise<Outcome> {
  if (destination.kind === 'stream') return stream(session, destination, result);
  const files = destination.kustomize ? withKustomizations(result.files) : result.files;
  const delivery: Delivery = { session, destination, result, files };
  return destination.check ? check(delivery) : write(delivery);
}

/** Whoever applies the stream applies it to one cluster: a wrong name must not look like a cluster that needs nothing. */
function stream(
  { host }: Session,
  { format, cluster }: Extract<Destination, { kind: 'stream' }>,
  result: CompileResult,
): Outcome {
  const names = result.topology?.clusters.map(({ name }) => name) ?? [];
  if (cluster !== undefined && !names.includes(cluster)) {
    const problem = `there is no cluster \`${cluster}\`; known are ${names.map((name) => `\`${name}\``).join(', ')}`;
    return { exitCode: exitCodes.invalid, diagnostics: [diagnostic('usage', { problem }, null)] };
  }
  host.output.write(printStream(result, format, cluster));
  return { exitCode: exitCodes.success, diagnostics: [] };
}

interface Delivery {
  readonly session: Session;
  readonly destination: Extract<Destination, { kind: 'directory' }>;
  readonly result: CompileResult;
  readonly files: readonly OutputFile[];
}

function check(delivery: Delivery): Outcome {
  const { session, destination, result, files } = delivery;
  const { output } = session.host;
  const { difference, isCurrent, before, diagnostics } = checkTree(session.host, destination.path, files);
  const changes = changeReport(delivery, before);
  if (destination.format === 'json')
    output.write(changesToJson(changes, objectsOf(result), result.proof, provedOf(result), waypointsOf(result)));
  else output.write(paintDiff(difference, pageOf(session).pen));
  const exitCode = isCurrent ? exitCodes.success : exitCodes.no;
  return { exitCode, diagnostics, ...(diagnostics.length === 0 && { message: messageOf(delivery, changes) }) };
}

async function write(delivery: Delivery): Promise<Outcome> {
  const { session, destination, files } = delivery;
  const { before, diagnostics } = await writeTree(session.host, destination.path, files);
  const message = diagnostics.length === 0 ? messageOf(delivery, changeReport(delivery, before)) : undefined;
  return { exitCode: exitCodes.success, diagnostics, ...(message !== undefined && { message }) };
}

function changeReport({ session, destination, result, files }: Delivery, before: FoundTree['own']): ChangeReport {
  const changes = changesBetween(textsOf(before), files, objectsOf(result));
  return {
    directory: shownPath(session.host, destination.path),
    ...changes,
    effects: effectsOf(changes.objects, result.topology?.mesh.rootNamespace ?? ''),
    writing: destination.check ? destination.writing : undefined,
  };
}

function objectsOf({ files, manifests }: CompileResult): ObjectAt {
  const objects = once(() => new Map(files.map(({ path }, index) => [path, manifests[index]?.object])));
  return (path) => objects().get(path);
}

function messageOf({ session }: Delivery, changes: ChangeReport): string {
  const page = pageOf(session, session.host.messages);
  return changesToText(changes, page).trimEnd();
}
