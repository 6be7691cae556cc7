import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { compile } from '../../pipeline.js';
import { type Aside, nothingAside } from '../../report/aside.js';
import { type ExitCode, exitCodeOf } from '../exit-code.js';
import { decodeText, largestInput } from '../files/read-text.js';
import { type Inputs, inputsOf } from '../krm/inputs.js';
import { printList } from '../krm/print-list.js';
import { type ResourceList, readResourceList } from '../krm/resource-list.js';
import { resultsOf } from '../krm/results.js';
import { withOutput } from '../krm/written.js';
import { checkVersion } from '../project/check-version.js';
import { today } from '../today.js';
import { report, type Session } from './session.js';

interface KrmOptions {
  readonly denyWarnings?: boolean;
}

/** Compiles a ResourceList into itself: what a KRM function does. Where anything is wrong the items go back as they came. */
export async function runKrm(session: Session, { denyWarnings = false }: KrmOptions): Promise<ExitCode> {
  const { host } = session;
  const content = decodeText(await host.readStandardInput(largestInput), 'stdin', null);
  if ('fault' in content) return say(session, [content.fault]);
  const { value: list, diagnostics: reading } = readResourceList(content.text);
  if (list === undefined) return say(session, reading);
  const { value: inputs, diagnostics: faults } = inputsOf(list);
  const { project } = inputs;
  const said = [...reading, ...faults, ...checkVersion(project, host.version)];
  if (hasErrors(said)) return answer(session, { list, inputs, diagnostics: said, denyWarnings });
  const result = compile(inputs.sources, {
    today: today(host),
    said,
    provenance: project?.provenance ?? 'ids',
    syncWaves: project?.syncWaves ?? false,
  });
  const { diagnostics, accepted } = result;
  const isFine = exitCodeOf(diagnostics, denyWarnings) === 0;
  const items = isFine ? withOutput(inputs.given, result) : list.items;
  return answer(session, { list: { ...list, items }, inputs, diagnostics, denyWarnings }, { accepted, below: [] });
}

interface Answer {
  readonly list: ResourceList;
  readonly inputs: Inputs;
  readonly diagnostics: readonly Diagnostic[];
  readonly denyWarnings: boolean;
}

function answer(session: Session, { list, inputs, diagnostics, denyWarnings }: Answer, aside?: Aside): ExitCode {
  session.host.output.write(printList(list, resultsOf(diagnostics, inputs)));
  say(session, diagnostics, aside);
  return exitCodeOf(diagnostics, denyWarnings);
}

function say(session: Session, diagnostics: readonly Diagnostic[], aside: Aside = nothingAside): ExitCode {
  report(session, diagnostics, session.host.workingDirectory, aside);
  return exitCodeOf(diagnostics);
}
