import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { faultNames } from '../mesh/fault-names.js';
import { istioVersions } from '../parse/mesh.js';
import { reportFormats } from '../report/formats/formats.js';
import { columnsOf } from './columns.js';
import { type NamesOf, namesOf } from './commands/names-of.js';
import { diagnosticsFormats, type Session } from './commands/session.js';
import { severities } from './commands/threshold.js';
import { type ExitCode, exitCodes } from './exit-code.js';
import type { Host } from './files/host.js';
import { type ReportFile, readReportFile, reportWriter } from './files/report-files.js';
import { dumpCommand } from './project/dump-command.js';

/** Below this, descriptions are not wrapped beside their options. */
const leastDescription = 20;

/**
 * The command line as data: names, options and help of every command. What a command does is loaded when it runs, so
 * that help and completion stay quick.
 */
export function createProgram(host: Host, answer: (code: ExitCode) => void, reportLost: () => void): Command {
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
        .argParser((written: string, before: readonly ReportFile[]) => [...before, reportFileIn(written)])
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
    .addHelpText('after', exitCodeHelp);
  addCommands(program, { program, host, answer, reportLost });
  return program;
}

/** The session that the global options ask for. */
export function sessionOf(program: Command, host: Host, reportLost: () => void): Session {
  const { diagnostics, report, color, quiet = false } = program.opts<GlobalOptions>();
  return { host, diagnosticsFormat: diagnostics, writeReports: reportWriter(host, report), reportLost, color, quiet };
}

interface GlobalOptions {
  readonly diagnostics: Session['diagnosticsFormat'];
  readonly report: readonly ReportFile[];
  readonly color: boolean;
  readonly quiet?: boolean;
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

interface Runtime {
  readonly program: Command;
  readonly host: Host;
  readonly answer: (code: ExitCode) => void;
  readonly reportLost: () => void;
}

function addCommands(program: Command, runtime: Runtime): void {
  addCompile(program, runtime);
  addVerify(program, runtime);
  addTest(program, runtime);
  addFix(program, runtime);
  addTopology(program, runtime);
  addTrace(program, runtime);
  addDiff(program, runtime);
  addGate(program, runtime);
  addDrift(program, runtime);
  addExplain(program, runtime);
  addInit(program, runtime);
  addKrm(program, runtime);
  addSchema(program, runtime);
  addCompletion(program, runtime);
  addNames(program, runtime);
}

function addCompile(program: Command, runtime: Runtime): void {
  addFindings(addInputs(program.command('compile').description('compile the intents, verify the result, and write it')))
    .option('--output-dir <directory>', "the directory to write; default: the project's output", pathIn)
    .option('--stdout', 'print one stream of objects instead of writing a directory')
    .option('--cluster <name>', 'with --stdout or -o: print the objects of this cluster only')
    .option('--watch', 'do it again whenever an input has changed, until interrupted')
    .option('--check', 'write nothing: print what differs from the directory, and exit 1 if anything does')
    .addOption(
      new Option(
        '-o, --output <format>',
        'the format of the stream on stdout; with --check, `json` says what changes',
      ).choices(['yaml', 'json']),
    )
    .addOption(new Option('--provenance <amount>', 'what comments say').choices(['full', 'ids', 'none']))
    .option('--kustomize', 'also write a kustomization.yaml into each directory')
    .option('--sync-waves', 'annotate every object with the Argo CD sync wave of its phase')
    .option('--source-map <file>', 'also write the way back from each object to its intents, as JSON', pathIn)
    .addOption(new Option('--emit <stage>', 'print an inner state and stop').choices(['ast', 'ir', 'placed']))
    .option('--trace-passes', 'print what each pass changed, on stderr')
    .option('--stats', 'print the time that each stage took, on stderr')
    .option('--no-verify', 'do not compare the output with the intents; for debugging')
    .option('--deny-warnings', 'let a warning that nobody accepted stop the run')
    .addHelpText(
      'after',
      examples('ambit compile', 'ambit compile --check', 'ambit compile -f intents/ -f clusters/ -o json'),
    )
    .action(async (options) => {
      const { runCompile } = await import('./commands/compile.js');
      const compileOnce = () => runCompile(session(runtime), options);
      if (options.watch !== true) return runtime.answer(await compileOnce());
      const { runWatching } = await import('./commands/watch.js');
      return runtime.answer(await runWatching(session(runtime), options, compileOnce));
    });
}

function addVerify(program: Command, runtime: Runtime): void {
  addFindings(
    addNarrowing(
      addInputs(
        program
          .command('verify')
          .description(
            'prove that manifests, whoever wrote them, mean what the intents say; without intents, show what they do not do',
          ),
      ),
    ),
  )
    .option('--output-dir <directory>', "the directory with the applied output; default: the project's output", pathIn)
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json']).default('human'))
    .option('--deny-warnings', 'let a warning that nobody accepted, such as a fact that is not modelled, count as no')
    .option('--write-baseline <file>', 'write what is found as a baseline, instead of telling it', pathIn)
    .addHelpText(
      'after',
      examples(
        'ambit verify',
        'ambit verify -f intents/ -f clusters/ -f policies/',
        'ambit verify -f clusters/',
        'ambit verify -f clusters/ -n payments',
        'ambit verify -f clusters/ --baseline findings.yaml',
      ),
    )
    .action(async (names: readonly string[], options) => {
      const { runVerify } = await import('./commands/verify.js');
      runtime.answer(await runVerify(session(runtime), names, options));
    });
}

function addTest(program: Command, runtime: Runtime): void {
  addInputs(program.command('test').description('run the AccessTests and Guardrails'))
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json', 'junit']).default('human'))
    .addHelpText(
      'after',
      examples('ambit test', 'ambit test -o junit > junit.xml', 'ambit test -f tests/ -f rendered/'),
    )
    .action(async (options) => {
      const { runTest } = await import('./commands/test.js');
      runtime.answer(await runTest(session(runtime), options));
    });
}

function addFix(program: Command, runtime: Runtime): void {
  addInputs(
    program
      .command('fix')
      .description(
        'mend by itself what can only be meant in one way: misspelt words, missing quotes, unused acceptances',
      ),
  )
    .option('--dry-run', 'write nothing: print what would change, and exit 1 if anything would')
    .addHelpText('after', examples('ambit fix', 'ambit fix --dry-run', 'ambit fix -f intents/payments.yaml'))
    .action(async (options) => {
      const { runFix } = await import('./commands/fix.js');
      runtime.answer(await runFix(session(runtime), options));
    });
}

function addTopology(program: Command, runtime: Runtime): void {
  addFindings(
    addNarrowing(
      addInputs(
        program.command('topology').description('show the deployment as Istio sees it, and what is wrong with it'),
      ),
    ),
  )
    .option('--all', 'show a large deployment object by object, too')
    .addOption(
      new Option('-o, --output <format>', 'the format; `mesh-config` is what has to be merged into the MeshConfig')
        .choices(['human', 'json', 'mesh-config'])
        .default('human'),
    )
    .addHelpText(
      'after',
      examples(
        'ambit topology',
        'ambit topology -n payments',
        'ambit topology payments/ledger',
        'ambit topology -o mesh-config',
        'kubectl get ns,svc,deploy,pod,gateway -A -o yaml | ambit topology -f -',
      ),
    )
    .action(async (names: readonly string[], options) => {
      const { runTopology } = await import('./commands/topology.js');
      runtime.answer(await runTopology(session(runtime), names, options));
    });
}

function addTrace(program: Command, runtime: Runtime): void {
  addInputs(
    program.command('trace').description('follow one request through the mesh: each hop, each policy, the verdict'),
  )
    .option('--from <caller>', 'who calls: `namespace/name`, `gateway:namespace/name`, `external:name` or `outside`')
    .option(
      '--to <service>',
      'who is called: `namespace/service:port`, `gateway:namespace/name:port`, a host of a ServiceEntry, a URL that a gateway serves, or `tls://host:port` for a connection',
    )
    .option('--from-ip <address>', 'the address that the caller has')
    .option('--pod-ip', 'address the pods behind the name instead of the Service, by a port of theirs')
    .option('--cluster <name>', 'where a name stands in several clusters')
    .option('--method <method>', 'the method of the request; default: GET')
    .option('--path <path>', 'the path of the request; default: /')
    .option('--host <host>', "the host that the request names; default: the Service's name")
    .addOption(repeatable(new Option('--header <pair>', 'a header of the request, `name: value`; repeatable')))
    .addOption(
      repeatable(
        new Option(
          '--claim <pair>',
          'a claim of its token, `name=value`, sent where its issuer’s are looked for; repeatable; `iss` is needed; `true` and `7` are no texts, `"7"` is one',
        ),
      ),
    )
    .option('--invalid-token', 'the token is expired or badly signed')
    .option('--tcp', 'send bytes that no proxy can read as a request')
    .addOption(repeatable(new Option('--fault <fault>', 'what is broken meanwhile; repeatable').choices(faultNames)))
    .addOption(
      new Option('--istio <version>', 'take every cluster to have this version of Istio').choices(istioVersions),
    )
    .option(
      '--matrix',
      'show who reaches the service at all, as a table, and with what; with `--from outside` only what comes through gateways, and without `--to` to all services',
    )
    .option('--written', 'compile nothing: apply what the output directory holds, and read only what can matter')
    .addOption(
      new Option('--output-dir <directory>', "the directory with the applied output; default: the project's output")
        .argParser(pathIn)
        .implies({ written: true }),
    )
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json']).default('human'))
    .option('--exit-code', 'exit 1 when the request is denied; 3 always says that it is undecided')
    .addHelpText(
      'after',
      examples(
        'ambit trace --from shop/checkout --to payments/ledger:http --method POST --path /charge',
        'ambit trace --from outside --from-ip 203.0.113.9 --to payments/ledger:8080 --pod-ip',
        'ambit trace -f manifests/ --from shop/checkout --to payments/ledger:80 --fault waypoint-down',
        'ambit trace --matrix --to payments/ledger:http',
        'ambit trace --matrix --from outside',
        'ambit trace --written --from shop/checkout --to payments/ledger:http',
      ),
    )
    .action(async (options) => {
      const { runTrace } = await import('./commands/trace.js');
      runtime.answer(await runTrace(session(runtime), options));
    });
}

function addDiff(program: Command, runtime: Runtime): void {
  program
    .command('diff')
    .description(
      'say what means something else: who gains and loses access, where, by which line, with a request that shows it',
    )
    .argument(
      '[sides...]',
      'what was and what is: each a directory, a file, or a revision of Git; default: HEAD and the working tree',
    )
    .option('--base <side>', 'compare this side with the working tree')
    .addOption(
      new Option(
        '-f, --filename <path>',
        'on each side, read this file or directory instead of the project; repeatable',
      )
        .argParser((path: string, before: readonly string[]) => [...before, pathIn(path)])
        .default([], 'the project'),
    )
    .addOption(
      new Option('--project <path>', 'compare two projects: given twice, what was and what is')
        .argParser((path: string, before: readonly string[]) => [...before, pathIn(path)])
        .default([], 'none')
        .conflicts('filename'),
    )
    .addOption(
      new Option('--istio <version>', 'take every cluster of the second side to have this version of Istio').choices(
        istioVersions,
      ),
    )
    .addOption(
      new Option('-o, --output <format>', 'the format').choices(['human', 'json', 'markdown']).default('human'),
    )
    .addHelpText(
      'after',
      examples(
        'ambit diff main HEAD',
        'ambit diff --base main -o markdown   # a comment on a pull request; its first line finds it again',
        'ambit diff old/ new/',
        'ambit diff --istio 1.30',
        'ambit diff --project staging --project prod',
      ),
    )
    .action(async (names: readonly string[], options) => {
      const { runDiff } = await import('./commands/diff.js');
      runtime.answer(await runDiff(session(runtime), names, options));
    });
}

function addGate(program: Command, runtime: Runtime): void {
  program
    .command('gate')
    .description('stop a change that grants access, weakens or reaches what it must not, unless somebody approves it')
    .argument(
      '[sides...]',
      'what was and what is: each a directory, a file, or a revision of Git; default: the base and the working tree',
    )
    .option('--base <side>', "compare this side with the working tree; default: the project's base, or HEAD")
    .addOption(
      new Option(
        '-f, --filename <path>',
        'on each side, read this file or directory instead of the project; repeatable',
      )
        .argParser((path: string, before: readonly string[]) => [...before, pathIn(path)])
        .default([], 'the project'),
    )
    .option('--no-new-access', 'nobody may be let through who was not')
    .option(
      '--no-weaker',
      'no less may be asked of a request: mutual TLS, a token, an authorizer, rules about requests',
    )
    .option('--no-unaccepted-doubt', 'nothing that was decided may become unknown')
    .addOption(
      repeatable(
        new Option(
          '--must-not-reach <requests>',
          'no such request may pass afterwards: `shop/web to payments/ledger:80`, `outside to namespace:payments`; repeatable',
        ),
      ),
    )
    .addOption(
      new Option('--approvals <file>', 'a file of approvals; those among the inputs count anyway; repeatable')
        .argParser((path: string, before: readonly string[]) => [...before, pathIn(path)])
        .default([], 'none'),
    )
    .addOption(
      new Option('-o, --output <format>', 'the format').choices(['human', 'json', 'markdown']).default('human'),
    )
    .addHelpText(
      'after',
      examples(
        'ambit gate --base main',
        'ambit gate --base main --no-new-access --approvals approvals.yaml',
        'ambit gate old/ new/ --no-weaker',
        "ambit gate --must-not-reach 'outside to namespace:payments'",
      ),
    )
    .action(async (names: readonly string[], options) => {
      const { runGate } = await import('./commands/gate.js');
      runtime.answer(await runGate(session(runtime), names, options));
    });
}

function addDrift(program: Command, runtime: Runtime): void {
  program
    .command('drift')
    .description('say what a cluster does otherwise than the project tells it: by requests, and not by text')
    .addOption(
      new Option('-f, --filename <path>', 'a dump of the cluster, or stdin with `-`; repeatable')
        .argParser((path: string, before: readonly string[]) => [...before, pathIn(path)])
        .default([], 'none'),
    )
    .addOption(repeatable(new Option('--cluster <name=file>', 'a dump of one of several clusters; repeatable')))
    .addOption(
      new Option('--project <path>', 'the project file or its directory')
        .argParser(pathIn)
        .default(undefined, 'the nearest ambit.yaml, here or above'),
    )
    .addOption(
      new Option('-o, --output <format>', 'the format').choices(['human', 'json', 'markdown']).default('human'),
    )
    .addHelpText(
      'after',
      `\nA dump is what this prints; leave out kinds that the cluster does not know:\n  ${dumpCommand}`,
    )
    .addHelpText(
      'after',
      examples('ambit drift -f dump.yaml', 'ambit drift --cluster east=east.yaml --cluster west=west.yaml'),
    )
    .action(async (options) => {
      const { runDrift } = await import('./commands/drift.js');
      runtime.answer(await runDrift(session(runtime), options));
    });
}

function addExplain(program: Command, runtime: Runtime): void {
  addInputs(
    program
      .command('explain')
      .description(
        'explain a diagnostic code, a law of Istio, a kind or a field, what is accepted, an emitted object or a rule, which settings hold, or what a document changes',
      ),
  )
    .argument(
      '[subject]',
      'a code, a law such as `I-02`, `kinds`, a kind or a field of it, `accepted`, `Kind/namespace/name`, or the id of a rule',
    )
    .argument('[kind]', 'with `kinds`: one of them, or a field of one')
    .option('--baseline <file>', 'with `accepted`: list this baseline too', pathIn)
    .addOption(
      new Option(
        '--effective <name>',
        'the settings that hold for a Service or workload, `namespace/name`, or for a namespace, each with its line',
      ).conflicts('impact'),
    )
    .option(
      '--impact <document>',
      'who would gain and lose access without a document: `file:line`, a file, `Kind/name` or a name',
    )
    .addOption(
      new Option(
        '--log <line>',
        'a line of a log of ztunnel or Envoy: what decided, and from which intent; `-` reads lines from stdin',
      ).conflicts(['effective', 'impact']),
    )
    .option('--from <caller>', 'with `--log`: who called, where the line does not say it, as in `ambit trace`')
    .addOption(
      new Option('-o, --output <format>', 'with `--effective`, `--impact` and `--log`: the format')
        .choices(['human', 'json'])
        .default('human'),
    )
    .addHelpText(
      'after',
      examples(
        'ambit explain AMB3007',
        "ambit explain I-02 ; ambit explain 'istio-security §2.3'",
        'ambit explain kinds ; ambit explain kinds VirtualService',
        'ambit explain VirtualService.spec.http.fault ; ambit explain istio.io/rev',
        'ambit explain AuthorizationPolicy/payments/ledger-allow',
        'ambit explain payments/checkout-charges',
        'ambit explain accepted',
        'ambit explain --effective payments/ledger',
        'ambit explain --impact intents/payments.yaml:12',
        'kubectl logs -n istio-system ds/ztunnel | grep error | ambit explain --log -',
      ),
    )
    .action(async (subject: string | undefined, kind: string | undefined, options) => {
      const { runExplain } = await import('./commands/explain.js');
      runtime.answer(await runExplain(session(runtime), { subject, kind }, options));
    });
}

function addInit(program: Command, runtime: Runtime): void {
  program
    .command('init')
    .description('write a first project into the working directory: ambit.yaml, intents/ and their schema')
    .argument('[manifests]', 'the directory with the Kubernetes manifests', '.')
    .addHelpText('after', examples('ambit init', 'ambit init clusters/east'))
    .action(async (manifests: string) => {
      const { runInit } = await import('./commands/init.js');
      runtime.answer(await runInit(session(runtime), manifests));
    });
}

function addKrm(program: Command, runtime: Runtime): void {
  program
    .command('krm')
    .description('be a function of kustomize or kpt: compile the ResourceList on stdin into itself')
    .option('--deny-warnings', 'let a warning that nobody accepted stop the run')
    .addHelpText('after', examples('kustomize build --enable-alpha-plugins --enable-exec overlays/prod'))
    .action(async (options) => {
      const { runKrm } = await import('./commands/krm.js');
      runtime.answer(await runKrm(session(runtime), options));
    });
}

function addSchema(program: Command, runtime: Runtime): void {
  program
    .command('schema')
    .description('print the JSON Schema of the documents, for editors and CI')
    .option('--output-dir <directory>', 'write it there instead', pathIn)
    .addHelpText('after', examples('ambit schema > ambit.schema.json', 'ambit schema --output-dir schemas'))
    .action(async (options) => {
      const { runSchema } = await import('./commands/schema.js');
      runtime.answer(await runSchema(session(runtime), options));
    });
}

/** For completion scripts, and not for people: it is left out of the help. */
function addNames(program: Command, runtime: Runtime): void {
  addInputs(program.command('names', { hidden: true }).description('print names of the project, a line each'))
    .addArgument(new Argument('<which>', 'which names').choices(namesOf))
    .action(async (which: NamesOf, options) => {
      const { runNames } = await import('./commands/names.js');
      runtime.answer(await runNames(session(runtime), which, options));
    });
}

function addCompletion(program: Command, runtime: Runtime): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples('source <(ambit completion bash)', 'ambit completion fish > ~/.config/fish/completions/ambit.fish'),
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionScript } = await import('./commands/completion.js');
      runtime.host.output.write(completionScript(program, shell));
      runtime.answer(exitCodes.success);
    });
}

/** An option that may be given several times; one value each time. */
function repeatable(option: Option): Option {
  const { parseArg } = option;
  return option
    .argParser((value: string, before: readonly string[]) => {
      parseArg?.(value, undefined);
      return [...before, value];
    })
    .default([], 'none');
}

/** Where a command's documents and manifests come from. */
function addInputs(command: Command): Command {
  return command
    .addOption(
      new Option('-f, --filename <path>', 'read this file or directory, or stdin with `-`; repeatable')
        .argParser((path: string, before: readonly string[]) => [...before, pathIn(path)])
        .default([], 'the project'),
    )
    .addOption(
      new Option('--project <path>', 'the project file or its directory')
        .argParser(pathIn)
        .default(undefined, 'the nearest ambit.yaml, here or above')
        .conflicts('filename'),
    );
}

function reportFileIn(written: string): ReportFile {
  const file = readReportFile(written);
  if (file !== undefined) return file;
  throw new InvalidArgumentError(`Write format=file; the formats are ${reportFormats.join(', ')}.`);
}

/** An empty shell variable must not stand for the working directory. */
function pathIn(written: string): string {
  if (written === '') throw new InvalidArgumentError('A path cannot be empty');
  return written;
}

/** Which of the findings count. */
/** Of all that is read, the part that is asked about. */
function addNarrowing(command: Command): Command {
  return command
    .argument('[names...]', 'only what has one of these names: `namespace/name`, or `name`')
    .addOption(
      new Option('-n, --namespace <name>', 'only what is in this namespace; repeatable')
        .argParser((name: string, before: readonly string[]) => [...before, name])
        .default([], 'all'),
    );
}

function addFindings(command: Command): Command {
  return command
    .option('--baseline <file>', 'leave out the findings that this file lists', pathIn)
    .addOption(
      new Option('--min-severity <severity>', 'show and count only what is at least this severe')
        .choices(severities)
        .default('info'),
    );
}

/** Examples name the command as it was called. */
function examples(...lines: readonly string[]): (context: { readonly command: Command }) => string {
  return ({ command }) => {
    const name = command.parent?.name() ?? '';
    return ['', 'Examples:', ...lines.map((line) => `  ${line.replaceAll(/\bambit(?= )/g, name)}`)].join('\n');
  };
}

function session({ program, host, reportLost }: Runtime): Session {
  return sessionOf(program, host, reportLost);
}
