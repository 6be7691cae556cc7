import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript, type Shell } from '../../src/cli/commands/completion.js';
import { createProgram } from '../../src/cli/program.js';
import { memoryHost } from '../support/memory-host.js';

const program = createProgram(
  memoryHost(),
  () => {},
  () => {},
);
const script = (shell: Shell) => completionScript(program, shell);

function hasShell(shell: Shell): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

it.each(['bash', 'zsh', 'fish'] as const)('knows every command and option in %s', (shell) => {
  const text = script(shell);
  for (const command of program.commands) {
    expect(text).toContain(command.name());
    for (const { long } of command.options) expect(text).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
  }
});

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  it.skipIf(!hasShell(shell))(`is a script that ${shell} accepts`, () => {
    expect(spawnSync(shell, ['-n'], { input: script(shell), encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
}

describe.skipIf(!hasShell('bash'))('bash', () => {
  it.each([
    [['comp'], ['compile', 'completion']],
    [
      ['compile', '--out'],
      ['--output', '--output-dir'],
    ],
    [
      ['compile', '-o', ''],
      ['json', 'yaml'],
    ],
    [['completion', 'z'], ['zsh']],
    [['--ver'], ['--version']],
  ])('completes %j', (words, expected) => {
    const line = ['ambit', ...words].map((word) => `'${word}'`).join(' ');
    const probe = `${script('bash')}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _ambit; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', probe], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n').sort()).toEqual(expected);
  });
});
