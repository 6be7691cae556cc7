import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { type Assumptions, assumables, isAssumable, measureOf } from '../../migrate/assumptions.js';
import { targets } from '../../migrate/states/labels-of-state.js';
import { suggest } from '../../util/suggest.js';
import type { PlanCommandOptions } from '../commands/migrate/plan.js';
import { addInputs, examples, pathIn, repeatable } from './options.js';
import { type Runtime, session } from './runtime.js';

const steps = ['check', 'plan', 'status'] as const;
type Step = (typeof steps)[number];

export function addMigrate(program: Command, runtime: Runtime): void {
  addInputs(
    program
      .command('migrate')
      .description('move namespaces from sidecars to ambient or back, every state on the way proved'),
  )
    .addArgument(
      new Argument(
        '<step>',
        '`check`: what ambient does not do, or does otherwise, of what manifests say; `plan`: the phases of the move; `status`: how far each namespace of a dump is',
      ).choices(steps),
    )
    .addOption(
      repeatable(new Option('-n, --namespace <name>', 'move this namespace alone; repeatable')).default([], 'all'),
    )
    .addOption(
      repeatable(
        new Option('--workload <namespace/name>', 'move this workload alone, and not its namespace; repeatable'),
      ).default([], 'all'),
    )
    .addOption(new Option('--to <plane>', 'where the pods are to be').choices(targets).default('ambient'))
    .option('--output-dir <directory>', 'write the plan into this directory, a directory for each phase', pathIn)
    .option('--nodes <count>', 'how many nodes there are, for what it costs', nodesIn)
    .addOption(
      new Option('--requests <count>', 'how many requests a second there are, for what it costs')
        .argParser(countIn)
        .default(1000, '1000'),
    )
    .addOption(
      new Option(
        '--assume <what=amount>',
        `what proxies ask for here, for what it costs, as in \`sidecar.memory=64Mi\`; repeatable: ${assumables.join(', ')}`,
      )
        .argParser(assumptionIn)
        .default({}, "what Istio's charts ask for"),
    )
    .addOption(new Option('-o, --output <format>', 'the format').choices(['human', 'json']).default('human'))
    .addHelpText(
      'after',
      examples(
        'ambit migrate check -f dump.yaml -n payments',
        'ambit migrate plan --output-dir migration/',
        'ambit migrate plan --to sidecar -n payments',
        'ambit migrate plan --workload shop/web',
        'ambit migrate plan --nodes 12 --assume sidecar.cpu=50m --assume waypoint.replicas=3',
        'ambit migrate status -f intents/ -f dump.yaml',
      ),
    )
    .action(async (step: Step, options: PlanCommandOptions) => {
      if (step === 'check') {
        const { runMigrateCheck } = await import('../commands/migrate/check.js');
        return runtime.answer(await runMigrateCheck(session(runtime), options));
      }
      if (step === 'status') {
        const { runMigrateStatus } = await import('../commands/migrate/status.js');
        return runtime.answer(await runMigrateStatus(session(runtime), options));
      }
      const { runMigratePlan } = await import('../commands/migrate/plan.js');
      return runtime.answer(await runMigratePlan(session(runtime), options));
    });
}

function assumptionIn(written: string, before: Assumptions): Assumptions {
  const [what = '', amount = ''] = written.split('=');
  if (!isAssumable(what)) {
    const near = suggest(what, assumables);
    const names = (near.length === 0 ? assumables : near).join(' or ');
    throw new InvalidArgumentError(`Nothing is assumed of '${what}': write ${names}.`);
  }
  if (what in before) throw new InvalidArgumentError(`${what} is given twice.`);
  const measure = measureOf(what);
  const read = measure.read(amount);
  if (read === undefined)
    throw new InvalidArgumentError(`'${amount}' is no amount of ${what}: write ${measure.written}.`);
  return { ...before, [what]: read };
}

function countIn(written: string): number {
  if (!/^\d{1,9}$/.test(written)) throw new InvalidArgumentError('It has to be a whole number');
  return Number(written);
}

function nodesIn(written: string): number {
  const count = countIn(written);
  if (count === 0) throw new InvalidArgumentError('It has to be a whole number from 1 on');
  return count;
}
