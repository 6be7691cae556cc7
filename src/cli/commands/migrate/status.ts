import { hasErrors } from '../../../diagnostics/diagnostic.js';
import type { Target } from '../../../migrate/states/labels-of-state.js';
import { type MigrationStatus, statusOf } from '../../../migrate/status/status.js';
import { statusToText } from '../../../report/migration/status-text.js';
import { type ExitCode, exitCodeOf, exitCodes } from '../../exit-code.js';
import { type InputOptions, load } from '../../project/load.js';
import { today } from '../../today.js';
import { usageError } from '../../usage-error.js';
import { report, type Session } from '../session.js';

interface StatusCommandOptions extends InputOptions {
  readonly to: Target;
  readonly output: 'human' | 'json';
}

/** Says how far a migration is, by a dump of the cluster, and whether it may go on or back. */
export async function runMigrateStatus(session: Session, options: StatusCommandOptions): Promise<ExitCode> {
  const { host } = session;
  if (options.filename.length === 0) return usageError(session, 'name a dump with `-f`, and what holds the intents');
  const { value: loaded, diagnostics: loading } = await load(host, options);
  if (hasErrors(loading)) {
    report(session, loading, loaded.directory);
    return exitCodeOf(loading);
  }
  const { value: status, diagnostics } = statusOf(loaded.sources, { target: options.to, today: today(host) });
  const findings = status?.findings ?? [];
  report(session, [...diagnostics, ...findings], loaded.directory);
  if (status === undefined) return exitCodeOf(diagnostics);
  host.output.write(options.output === 'json' ? statusToJson(status) : statusToText(status));
  return hasErrors(diagnostics) ? exitCodeOf(diagnostics) : findings.length > 0 ? exitCodes.no : exitCodes.success;
}

function statusToJson({ target, namespaces, findings }: MigrationStatus): string {
  const told = (found: MigrationStatus['findings'] | undefined) =>
    found?.map(({ code, message, witness }) => ({ code, message, witness: witness ?? null })) ?? null;
  const rows = namespaces.map(({ on, back, ...rest }) => ({ ...rest, on: told(on), back: told(back) }));
  return `${JSON.stringify({ target, namespaces: rows, findings: told(findings) }, undefined, 2)}\n`;
}
