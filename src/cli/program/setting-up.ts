import { Argument, type Command } from 'commander';
import { type NamesOf, namesOf } from '../commands/names-of.js';
import { exitCodes } from '../exit-code.js';
import { addInputs, examples, pathIn } from './options.js';
import { type Runtime, session } from './runtime.js';

export function addInit(program: Command, runtime: Runtime): void {
  program
    .command('init')
    .description('write a first project into the working directory: ambit.yaml, intents/ and their schema')
    .argument('[manifests]', 'the directory with the Kubernetes manifests', '.')
    .addHelpText('after', examples('ambit init', 'ambit init clusters/east'))
    .action(async (manifests: string) => {
      const { runInit } = await import('../commands/init.js');
      runtime.answer(await runInit(session(runtime), manifests));
    });
}

export function addKrm(program: Command, runtime: Runtime): void {
  program
    .command('krm')
    .description('be a function of kustomize or kpt: compile the ResourceList on stdin into itself')
    .option('--deny-warnings', 'let a warning that nobody accepted stop the run')
    .addHelpText('after', examples('kustomize build --enable-alpha-plugins --enable-exec overlays/prod'))
    .action(async (options) => {
      const { runKrm } = await import('../commands/krm.js');
      runtime.answer(await runKrm(session(runtime), options));
    });
}

export function addSchema(program: Command, runtime: Runtime): void {
  program
    .command('schema')
    .description('print the JSON Schema of the documents, for editors and CI')
    .option('--output-dir <directory>', 'write it there instead', pathIn)
    .addHelpText('after', examples('ambit schema > ambit.schema.json', 'ambit schema --output-dir schemas'))
    .action(async (options) => {
      const { runSchema } = await import('../commands/schema.js');
      runtime.answer(await runSchema(session(runtime), options));
    });
}

export function addCompletion(program: Command, runtime: Runtime): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples('source <(ambit completion bash)', 'ambit completion fish > ~/.config/fish/completions/ambit.fish'),
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionScript } = await import('../commands/completion.js');
      runtime.host.output.write(completionScript(program, shell));
      runtime.answer(exitCodes.success);
    });
}

/** For completion scripts, and not for people: it is left out of the help. */
export function addNames(program: Command, runtime: Runtime): void {
  addInputs(program.command('names', { hidden: true }).description('print names of the project, a line each'))
    .addArgument(new Argument('<which>', 'which names').choices(namesOf))
    .action(async (which: NamesOf, options) => {
      const { runNames } = await import('../commands/names.js');
      runtime.answer(await runNames(session(runtime), which, options));
    });
}
