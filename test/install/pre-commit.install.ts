import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { missing, must, newDirectory, newScratch, run } from './scratch.js';

const scratch = newScratch();
const { directory, clone } = scratch;
const tools = join(directory, 'python');

afterAll(() => scratch.remove());

const environment = {
  ...scratch.environment,
  PATH: [join(tools, 'bin'), scratch.environment.PATH].join(delimiter),
  PRE_COMMIT_HOME: join(directory, 'pre-commit'),
  GIT_CONFIG_GLOBAL: join(directory, 'gitconfig'),
};
writeFileSync(environment.GIT_CONFIG_GLOBAL, '[user]\nname = somebody\nemail = somebody@example.com\n');

const probes = [
  () => missing('no Python with venv', run('python3', ['-m', 'venv', tools], directory, environment)),
  () =>
    missing(
      'no registry of Python packages',
      run('pip', ['install', '--quiet', 'pre-commit>=4,<5'], directory, environment),
    ),
  () => missing('no registry of npm packages', run('npm', ['view', 'esbuild', 'name'], directory, environment)),
];

describe.skipIf(probes.some((isMissing) => isMissing()))('pre-commit', () => {
  it('lets a commit pass whose output matches, and stops one that is stale', () => {
    const project = newProject();
    const git = (...argv: string[]) => run('git', argv, project, environment);
    must(git('add', '.'));
    must(git('commit', '--quiet', '-m', 'as it should be'));

    appendFileSync(join(project, 'intents', 'shop.yaml'), '---\n');
    must(git('commit', '--quiet', '-am', 'nothing that changes the output'));
    expect(must(git('log', '--format=%s')).split('\n').filter(Boolean)).toHaveLength(2);

    const [written = ''] = must(git('ls-files', 'deploy/*.yaml')).split('\n');
    appendFileSync(join(project, written), '# by hand\n');
    const stale = git('commit', '--quiet', '-am', 'stale');
    expect(stale.status).toBe(1);
    expect(stale.stdout + stale.stderr).toContain(written);
    expect(stale.stdout + stale.stderr).toContain('# by hand');
  });
});

/** A repository with a project in it, and the hook of the clone, installed. */
function newProject(): string {
  const project = newDirectory(directory, 'project');
  cpSync(join(clone, 'examples', 'hybrid-shop'), project, { recursive: true });
  const rev = must(run('git', ['rev-parse', 'HEAD'], clone, environment)).trim();
  const config = `repos:\n  - repo: file://${clone}\n    rev: ${rev}\n    hooks:\n      - id: ambit-check\n`;
  writeFileSync(join(project, '.pre-commit-config.yaml'), config);
  must(run('git', ['init', '--quiet'], project, environment));
  must(run('pre-commit', ['install'], project, environment));
  return project;
}
