import { type Command, InvalidArgumentError, Option } from 'commander';
import { istioVersions } from '../../parse/mesh.js';
import { isDay } from '../../util/day.js';
import { dumpCommand } from '../project/dump-command.js';
import { addInputs, examples, pathIn, repeatable } from './options.js';
import { type Runtime, session } from './runtime.js';

export function addDiff(program: Command, runtime: Runtime): void {
  program
    .command('diff')
    .description(
      'say what means something else: who gains and loses access, where, by which line, with a request that shows it',
    )
    .argument(
      '[sides...]',
      'what was and what is: each a directory, a file, or a revision of Git, or `A..B`; default: HEAD and the working tree',
    )
    .option('--base <side>', 'compare this side with the working tree')
    .addOption(filesOfSides())
    .addOption(
      repeatable(
        new Option(
          '--project <path>',
          'on each side, the project file or its directory; given twice, compare two projects: what was and what is',
        ).argParser(pathIn),
      )
        .default([], 'the nearest ambit.yaml, here or above')
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
      const { runDiff } = await import('../commands/diff.js');
      runtime.answer(await runDiff(session(runtime), names, options));
    });
}

function filesOfSides(): Option {
  return repeatable(
    new Option(
      '-f, --filename <path>',
      'on each side, read this file or directory instead of the project; repeatable',
    ).argParser(pathIn),
  ).default([], 'the project');
}

/** The one project that a command reads, of each state that it looks at. */
function projectOf(description: string): Option {
  return new Option('--project <path>', description)
    .argParser(pathIn)
    .default(undefined, 'the nearest ambit.yaml, here or above')
    .conflicts('filename');
}

export function addGate(program: Command, runtime: Runtime): void {
  program
    .command('gate')
    .description('stop a change that grants access, weakens or reaches what it must not, unless somebody approves it')
    .argument(
      '[sides...]',
      'what was and what is: each a directory, a file, or a revision of Git, or `A..B`; default: the base and the working tree',
    )
    .option('--base <side>', "compare this side with the working tree; default: the project's base, or HEAD")
    .addOption(filesOfSides())
    .addOption(projectOf('on each side, the project file or its directory'))
    .addOption(
      new Option(
        '--istio <version>',
        'take every cluster of the second side to have this version of Istio; without sides, the working tree is compared with itself',
      ).choices(istioVersions),
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
      repeatable(
        new Option(
          '--approvals <file>',
          'a file of approvals; those among the inputs count anyway; repeatable',
        ).argParser(pathIn),
      ),
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
        'ambit gate --istio 1.30 --no-new-access --no-weaker',
        "ambit gate --must-not-reach 'outside to namespace:payments'",
      ),
    )
    .action(async (names: readonly string[], options) => {
      const { runGate } = await import('../commands/gate.js');
      runtime.answer(await runGate(session(runtime), names, options));
    });
}

export function addDrift(program: Command, runtime: Runtime): void {
  program
    .command('drift')
    .description('say what a cluster does otherwise than the project tells it: by requests, and not by text')
    .addOption(
      repeatable(
        new Option('-f, --filename <path>', 'a dump of the cluster, or stdin with `-`; repeatable').argParser(pathIn),
      ),
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
      const { runDrift } = await import('../commands/drift.js');
      runtime.answer(await runDrift(session(runtime), options));
    });
}

export function addReport(program: Command, runtime: Runtime): void {
  addInputs(program.command('report'))
    .description(
      'write what is proved of the mesh: who reaches whom, where that is enforced, what is tested, accepted and evidenced',
    )
    .addOption(
      new Option('-o, --output <format>', 'the format; `html` is one page that needs nothing else')
        .choices(['html', 'json', 'mermaid', 'dot'])
        .default('html'),
    )
    .option('--output-file <file>', 'write it there instead of to stdout', pathIn)
    .addOption(
      repeatable(
        new Option(
          '--framework <framework>',
          'whose controls are answered: `nist-800-204b`, `pci-dss-4`, or a file of kind Framework; repeatable',
        ).argParser(pathIn),
      ).default([], 'those that come with Ambit'),
    )
    .addOption(
      new Option('--today <day>', 'the day that what is accepted is judged by, as YYYY-MM-DD')
        .argParser(dayIn)
        .default(undefined, 'the day it is'),
    )
    .addHelpText(
      'after',
      examples(
        'ambit report --output-file report.html',
        'ambit report -o mermaid > access.mmd',
        'ambit report --framework pci-dss-4 --framework our-controls.yaml --output-file audit.html',
        'ambit report -f clusters/ -o json',
      ),
    )
    .action(async (options) => {
      const { runReport } = await import('../commands/report.js');
      runtime.answer(await runReport(session(runtime), options));
    });
}

export function addLog(program: Command, runtime: Runtime): void {
  program
    .command('log')
    .description('record what each commit of a range changed in meaning: by whom, when, and with whose approval')
    .argument('<range>', 'the commits after one revision up to another, by first parents: `v1.0..HEAD`')
    .addOption(
      repeatable(
        new Option(
          '-f, --filename <path>',
          'in each commit, read this file or directory instead of the project; repeatable',
        ).argParser(pathIn),
      ).default([], 'the project'),
    )
    .addOption(projectOf('in each commit, the project file or its directory'))
    .addOption(
      new Option('--max-count <count>', 'tell of so many commits at most, the newest').argParser(countIn).default(50),
    )
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json']).default('human'))
    .addHelpText('after', examples('ambit log v1.0..HEAD', 'ambit log main~20..main -o json > changes.json'))
    .action(async (range: string, options) => {
      const { runLog } = await import('../commands/log.js');
      runtime.answer(await runLog(session(runtime), range, options));
    });
}

function countIn(written: string): number {
  if (!/^[1-9]\d{0,5}$/.test(written)) throw new InvalidArgumentError('Write how many, as a whole number from 1 on');
  return Number(written);
}

function dayIn(written: string): string {
  if (!isDay(written)) throw new InvalidArgumentError('Write the day as YYYY-MM-DD');
  return written;
}
