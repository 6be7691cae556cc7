import { hasErrors } from '../../../diagnostics/diagnostic.js';
import { judgeMesh } from '../../../judged-mesh.js';
import { findBlockers } from '../../../migrate/blockers/find-blockers.js';
import type { Target } from '../../../migrate/states/labels-of-state.js';
import { summary } from '../../../report/human.js';
import { diagnosticsToJson } from '../../../report/json.js';
import { wrap } from '../../../report/layout.js';
import { counted } from '../../../report/words.js';
import type { Workload } from '../../../topology/model.js';
import { pageOf } from '../../colour.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../../exit-code.js';
import { type InputOptions, load } from '../../project/load.js';
import { today } from '../../today.js';
import { type NarrowOptions, refuseNames } from '../narrow.js';
import { displayPathFrom, report, type Session } from '../session.js';
import { unknownScope } from './unknown-scope.js';

interface CheckOptions extends InputOptions, NarrowOptions {
  readonly workload: readonly string[];
  readonly to: Target;
  readonly output: 'human' | 'json';
}

/** Says what keeps the pods of a mesh from the other plane, by its manifests alone: they are taken as they are. */
export async function runMigrateCheck(session: Session, options: CheckOptions): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics: loading } = await load(host, options);
  const { value: judged, diagnostics } = hasErrors(loading)
    ? { value: undefined, diagnostics: [] }
    : await judgeMesh(loaded.sources, {
        today: today(host),
        faults: [],
        written: undefined,
        question: undefined,
        isAsItLies: true,
      });
  const said = [...loading, ...diagnostics];
  if (judged === undefined) {
    report(session, said, loaded.directory);
    return exitCodeOf(said);
  }
  const wrong = unknownScope(judged.mesh.topology, options);
  if (wrong.length > 0) return refuseNames(session, wrong);
  const scope = { namespaces: options.namespace, workloads: options.workload };
  const found = findBlockers(judged.mesh, judged.objects, scope, options.to);
  // What else is wrong with manifests is for `verify` to tell, but for what could not be read.
  const all = [...said.filter(({ severity }) => severity === 'error'), ...found.diagnostics];
  report(session, all, loaded.directory);
  const displayPath = displayPathFrom(host, loaded.directory);
  if (options.output === 'json') host.output.write(diagnosticsToJson(all, displayPath));
  else host.output.write(`${wrap(answer(found.moving, all, options.to), pageOf(session).columns).join('\n')}\n`);
  return hasErrors(all) ? exitCodes.no : exitCodes.success;
}

function answer(moving: readonly Workload[], found: Parameters<typeof summary>[0], target: Target): string {
  const [has, which] = target === 'ambient' ? ['has a sidecar', 'with sidecars'] : ['is ambient', 'in ambient mode'];
  const namespaces = new Set(moving.map(({ cluster, namespace }) => `${cluster}/${namespace}`));
  if (moving.length === 0) return `no workload ${has}: there is nothing to move`;
  const what = `${counted(moving.length, 'workload')} ${which} in ${counted(namespaces.size, 'namespace')}`;
  return found.length === 0 ? `nothing stands in the way of ${what}` : `${what}: ${summary(found)}`;
}
