import { join, resolve } from 'node:path';
import { type ExitCode, exitCodeOf, exitCodes } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { writeFile } from '../files/write-file.js';
import { report, type Session, tell } from './session.js';

const schemaName = 'ambit.schema.json';

/** Prints the schema of Ambit's documents, or writes it into a directory. */
export async function runSchema(session: Session, options: { readonly outputDir?: string }): Promise<ExitCode> {
  const { host } = session;
  const text = schemaText(host);
  if (options.outputDir === undefined) {
    host.output.write(text);
    return exitCodes.success;
  }
  const diagnostics = writeFile(host, resolve(host.workingDirectory, options.outputDir, schemaName), text);
  if (diagnostics.length > 0) report(session, diagnostics, host.workingDirectory);
  else tell(session, `wrote ${join(options.outputDir, schemaName)}`);
  return exitCodeOf(diagnostics);
}

export function schemaText({ files, packageDirectory }: Host): string {
  return new TextDecoder().decode(files.read(join(packageDirectory, 'schemas', schemaName)));
}
