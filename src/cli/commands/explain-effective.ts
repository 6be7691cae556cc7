import { hasErrors } from '../../diagnostics/diagnostic.js';
import { effectiveSettingsOf } from '../../effective-settings.js';
import { effectiveToJson, effectiveToText } from '../../report/effective.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import { type InputOptions, load } from '../project/load.js';
import { today } from '../today.js';
import { usageError } from '../usage-error.js';
import { displayPathFrom, report, type Session } from './session.js';

/** Prints the settings that hold for a Service, a workload or a namespace, each with the line that contributes it. */
export async function runExplainEffective(
  session: Session,
  name: string,
  options: InputOptions & { readonly output: 'human' | 'json' },
): Promise<ExitCode> {
  const { host } = session;
  const { value: loaded, diagnostics } = await load(host, options);
  const found = hasErrors(diagnostics)
    ? { value: undefined, diagnostics }
    : effectiveSettingsOf(loaded.sources, name, today(host));
  if (found.value === undefined) {
    report(session, found.diagnostics, loaded.directory);
    return exitCodeOf(found.diagnostics);
  }
  if (found.value.length === 0) {
    return usageError(session, `no settings speak of \`${name}\`: name a Service or a workload whole, or a namespace`);
  }
  const displayPath = displayPathFrom(host, loaded.directory);
  const print = options.output === 'json' ? effectiveToJson : effectiveToText;
  host.output.write(print(found.value, displayPath));
  return exitCodes.success;
}
