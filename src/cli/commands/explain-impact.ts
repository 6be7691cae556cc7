import { withClusterNames } from '../../changes/cluster-names.js';
import { compareMeshes } from '../../changes/compare-meshes.js';
import { diagnostic } from '../../diagnostics/create.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import { judgeMesh } from '../../judged-mesh.js';
import type { Source } from '../../parse/parse-sources.js';
import { diffToJson, diffToText } from '../../report/diff.js';
import { pageOf } from '../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { lineIn } from '../project/line-in.js';
import { type InputOptions, load } from '../project/load.js';
import { withoutDocuments } from '../project/without-documents.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { displayPathFrom, report, type Session } from './session.js';

/** Says what would mean something else without a document: who gains and who loses access, with a request that shows it. */
export async function runExplainImpact(
  session: Session,
  subject: string,
  options: InputOptions & { readonly output: 'human' | 'json' },
): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await load(host, options);
  if (hasErrors(diagnostics)) {
    report(session, diagnostics, loaded.directory);
    return exitCodeOf(diagnostics);
  }
  const displayPath = displayPathFrom(host, loaded.directory);
  const without = withoutDocuments(loaded.sources, subject, displayPath);
  if (typeof without === 'string') return usageError(session, without);
  const label = `the project without ${without.names.join(' and ')}`;
  const judge = async (sources: readonly Source[], side: string) => {
    const { value, diagnostics: found } = await judgeMesh(sources, {
      today: today(host),
      faults: [],
      written: undefined,
      question: undefined,
      inputs: loaded.inputs,
    });
    if (value !== undefined && !hasErrors(found)) return value;
    report(session, [...found, diagnostic('side-refused', { side }, null)], loaded.directory);
    return undefined;
  };
  const before = await judge(loaded.sources, 'the project');
  const after = before && (await judge(without.sources, label));
  if (before === undefined || after === undefined) return exitCodes.refused;
  const [was, is] = [
    { mesh: before.mesh, objects: before.objects },
    { mesh: after.mesh, objects: after.objects },
  ];
  const changes = compareMeshes(was, withClusterNames(was, is));
  const side = { displayPath, lineAt: lineIn(loaded) };
  const told = {
    before: { label: 'the project', inputs: loaded.inputs, ...side },
    after: { label, inputs: undefined, ...side },
    changes,
    isSameText: false,
  };
  host.output.write(options.output === 'json' ? diffToJson(told) : diffToText(told, pageOf(session)));
  return changes.undecided.some(({ isCrossing }) => !isCrossing) ? exitCodes.refused : exitCodes.success;
}
