import { expect, it } from 'vitest';
import type { Command, Phase } from '../../src/migrate/plan/phase.js';
import { targets } from '../../src/migrate/states/labels-of-state.js';
import type { OutputFile } from '../../src/pipeline.js';
import { planOf } from './planning.js';
import { behindTheirOwn, boutique, deniedByHeaderAlone, example, withSidecars } from './projects.js';

const projects = {
  bookshop: withSidecars(example('bookshop')),
  boutique,
  'a shop with a waypoint of its own': behindTheirOwn,
  'a shop that denies by a header': deniedByHeaderAlone,
};

it.each(Object.entries(projects).flatMap(([name, sources]) => targets.map((target) => ({ name, sources, target }))))(
  'what the phases of $name do on the way to $target leads to what is compiled for the end',
  ({ sources, target }) => {
    const plan = planOf({ sources, reshape: (deployment) => deployment }, target);
    expect(plan.phases.reduce(applied, textsOf(plan.before.files))).toEqual(textsOf(plan.after.files));
  },
);

type Texts = Readonly<Record<string, string>>;

function textsOf(files: readonly OutputFile[]): Texts {
  return Object.fromEntries(files.map(({ path, text }) => [subjectOf(path), text]));
}

/** `<cluster>/<kind>.<namespace>.<name>`, without the directory of a phase. */
function subjectOf(path: string): string {
  return path.replace(/\/.*\//, '/').replace(/\.yaml$/, '');
}

/** What stands once the commands of a phase have been typed. */
function applied(before: Texts, { files, patches, commands }: Phase): Texts {
  const unbound = patches
    .filter(({ target }) => target.kind === 'service')
    .map(({ cluster, target: { kind, namespace, name } }) => `${cluster}/${kind}.${namespace}.${name}`);
  const gone = new Set([...unbound, ...commands.flatMap(deletedBy)]);
  for (const subject of gone) expect(Object.keys(before)).toContain(subject);
  const kept = Object.entries(before).filter(([subject]) => !gone.has(subject));
  return { ...Object.fromEntries(kept), ...textsOf(files) };
}

function deletedBy(command: Command): readonly string[] {
  const words = 'kubectl' in command ? command.kubectl : '';
  const { kind, name, namespace } =
    /^delete (?<kind>\S+) (?<name>\S+) --namespace (?<namespace>\S+)$/.exec(words)?.groups ?? {};
  return kind === undefined ? [] : [`${command.cluster}/${kind}.${namespace}.${name}`];
}
