import { normalize } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { reportFormats } from '../report/formats/formats.js';
import { columnsOf } from './columns.js';
import { diagnosticsFormats } from './commands/session.js';
import { exitCodes } from './exit-code.js';
import type { Host } from './files/host.js';
import { type PrintingOptions, reportClash } from './files/report-clash.js';
import { type ReportFile, readReportFile } from './files/report-files.js';
import { addImport } from './program/adopting.js';
import { addExplain, addSuggest, addTopology, addTrace } from './program/asking.js';
import { addMigrate } from './program/migrating.js';
import { addCompile, addFix, addTest, addVerify } from './program/proving.js';
import { addDiff, addDrift, addGate, addLog, addReport } from './program/reviewing.js';
import type { Runtime } from './program/runtime.js';
import { addContextServer, addLanguageServer } from './program/serving.js';
import { addCompletion, addInit, addKrm, addNames, addSchema } from './program/setting-up.js';

/** Below this, descriptions are not wrapped beside their options. */
const leastDescription = 20;

/**
 * The command line as data: names, options and help of every command. What a command does is loaded when it runs, so
 * that help and completion stay quick.
 */
export function createProgram(runtime: Omit<Runtime, 'program'>): Command {
  const { host } = runtime;
  const program = new Command(host.programName)
    .description('Compiles security and traffic intents into the Istio YAML that enforces exactly that.')
    .version(host.version)
    .addOption(
      new Option('--diagnostics <format>', 'how to print diagnostics').choices(diagnosticsFormats).default('human'),
    )
    .addOption(
      new Option(
        '--report <format=file>',
        `also write what is found to a file, or to stdout with \`-\`; repeatable; the formats are ${reportFormats.join(', ')}`,
      )
        .argParser((written: string, before: readonly ReportFile[]) => [...before, reportFileIn(written, before)])
        .default([], 'none'),
    )
    .option('--no-color', 'print without colour')
    .option('-q, --quiet', 'say nothing on stderr but warnings and errors')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.output.write(text),
      writeErr: (text) => host.messages.write(text),
      outputError: () => {},
      getOutHelpWidth: () => columnsOf(host, host.output),
      getErrHelpWidth: () => columnsOf(host, host.messages),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ minWidthToWrap: leastDescription })
    .addHelpText('after', exitCodeHelp)
    .hook('preAction', (_, command) => refuseClashes(host, program, command));
  addCommands(program, { ...runtime, program });
  return program;
}

const exitCodeHelp = `
Exit codes:
  0   yes
  1   the answer is no: stale output, findings, denied warnings
  2   bad usage or invalid input
  3   refused: this topology cannot enforce it, or the answer is undecided
  70  a bug in Ambit

Environment:
  COLUMNS      how wide lines may be; default: as the terminal, at most 120,
               and 100 for a pipe or a file
  NO_COLOR     print without colour
  FORCE_COLOR  print with colour, also into a pipe`;

function addCommands(program: Command, runtime: Runtime): void {
  addCompile(program, runtime);
  addVerify(program, runtime);
  addTest(program, runtime);
  addFix(program, runtime);
  addTopology(program, runtime);
  addTrace(program, runtime);
  addSuggest(program, runtime);
  addDiff(program, runtime);
  addGate(program, runtime);
  addDrift(program, runtime);
  addMigrate(program, runtime);
  addLog(program, runtime);
  addReport(program, runtime);
  addExplain(program, runtime);
  addInit(program, runtime);
  addImport(program, runtime);
  addKrm(program, runtime);
  addSchema(program, runtime);
  addLanguageServer(program, runtime);
  addContextServer(program, runtime);
  addCompletion(program, runtime);
  addNames(program, runtime);
}

function reportFileIn(written: string, before: readonly ReportFile[]): ReportFile {
  const file = readReportFile(written);
  const isTaken = before.some((other) => normalize(other.path) === normalize(file?.path ?? ''));
  if (isTaken) throw new InvalidArgumentError('Another report is written there.');
  if (file !== undefined) return file;
  throw new InvalidArgumentError(`Write format=file; the formats are ${reportFormats.join(', ')}.`);
}

/** Reports that clash are refused before anything is done, and none of them is written: also not to say so. */
function refuseClashes(host: Host, program: Command, command: Command): void {
  const { report } = program.opts<{ readonly report: readonly ReportFile[] }>();
  const options = command.opts<PrintingOptions>();
  const [problem] = report.flatMap((each) => reportClash(host, each, options, command.name()) ?? []);
  if (problem === undefined) return;
  program.setOptionValue('report', []);
  throw new CommanderError(
    exitCodes.invalid,
    'ambit.reportClash',
    `${problem}\n(write the report to a file of its own)`,
  );
}
