import { type Command, Option } from 'commander';
import { newMemory } from '../../util/memory.js';
import { readAgain } from '../files/read-again.js';
import { addFindings, addInputs, addNarrowing, examples, pathIn } from './options.js';
import { type Runtime, session } from './runtime.js';

export function addCompile(program: Command, runtime: Runtime): void {
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
      const { runCompile } = await import('../commands/compile.js');
      if (options.watch !== true) return runtime.answer(await runCompile(session(runtime), options));
      const { runWatching } = await import('../commands/watch.js');
      const memory = newMemory();
      const files = readAgain(runtime.host.files, memory.recall);
      const again: Runtime = { ...runtime, host: { ...runtime.host, files } };
      const compileAgain = () => runCompile(session(again), options, memory);
      return runtime.answer(await runWatching(session(again), options, compileAgain));
    });
}

export function addVerify(program: Command, runtime: Runtime): void {
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
      const { runVerify } = await import('../commands/verify.js');
      runtime.answer(await runVerify(session(runtime), names, options));
    });
}

export function addTest(program: Command, runtime: Runtime): void {
  addInputs(program.command('test').description('run the AccessTests and Guardrails'))
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json', 'junit']).default('human'))
    .addHelpText(
      'after',
      examples('ambit test', 'ambit test -o junit > junit.xml', 'ambit test -f tests/ -f rendered/'),
    )
    .action(async (options) => {
      const { runTest } = await import('../commands/test.js');
      runtime.answer(await runTest(session(runtime), options));
    });
}

export function addFix(program: Command, runtime: Runtime): void {
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
      const { runFix } = await import('../commands/fix.js');
      runtime.answer(await runFix(session(runtime), options));
    });
}
