import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { completionScript, type Shell } from '../../src/cli/commands/completion.js';
import { createProgram } from '../../src/cli/program.js';
import { idleRuntime } from '../support/idle-runtime.js';

const program = createProgram(idleRuntime());
/** No file of the project is to be taken for an answer. */
const scratch = mkdtempSync(join(tmpdir(), 'ambit-completion-'));
const emptyDirectory = join(scratch, 'empty');
mkdirSync(emptyDirectory);
afterAll(() => rmSync(scratch, { recursive: true }));

const script = (shell: Shell) => completionScript(program, shell);

const shells = ['bash', 'zsh', 'fish'] as const;
const absent = shells.filter((shell) => spawnSync(shell, ['-c', 'true']).status !== 0);
if (absent.length > 0) console.warn(`skipped: no ${absent.join(', no ')} to complete in`);

function hasShell(shell: Shell): boolean {
  return !absent.includes(shell);
}

const visible = program.createHelp().visibleCommands(program);

it.each(shells)('knows every command and option in %s', (shell) => {
  const text = script(shell);
  for (const command of program.commands.filter((each) => visible.includes(each))) {
    expect(text).toContain(command.name());
    for (const { long } of command.options) expect(text).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
  }
});

for (const shell of shells) {
  it.skipIf(!hasShell(shell))(`is a script that ${shell} accepts`, () => {
    const path = join(scratch, `ambit.${shell}`);
    writeFileSync(path, script(shell));
    expect(spawnSync(shell, ['-n', path], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
}

it.skipIf(!hasShell('zsh'))('answers in zsh already the completion at which the script is read', () => {
  const directory = mkdtempSync(join(scratch, 'functions-'));
  writeFileSync(join(directory, '_ambit'), script('zsh'));
  const probe = `fpath=(${directory} $fpath); autoload -Uz _ambit; compdef() { print compdef }; _arguments() { print answered }; _ambit`;
  const { stdout } = spawnSync('zsh', ['-f', '-c', probe], { encoding: 'utf8' });
  expect(stdout).toBe('answered\n');
});

/** Stands for the command that the scripts ask for names. */
const names = `ambit() {
  case "$*" in
    'names destinations') printf '%s\\n' payments/ledger:http payments/ledger:metrics shop/web:http ;;
    'names objects') printf '%s\\n' payments/ledger shop/web ;;
    'names subjects') printf '%s\\n' AMB0001 payments/checkout-charges ;;
  esac
}`;

const questions: ReadonlyArray<readonly [line: string, expected: readonly string[]]> = [
  ['ambit comp', ['compile', 'completion']],
  ['ambit compile -o ', ['json', 'yaml']],
  ['ambit completion z', ['zsh']],
  ['ambit trace --to pay', ['payments/ledger:http', 'payments/ledger:metrics']],
  ['ambit trace --to payments/ledger:h', ['payments/ledger:http']],
  ['ambit migrate plan --to a', ['ambient']],
  ['ambit verify shop', ['shop/web']],
  ['ambit explain AMB', ['AMB0001']],
  ['ambit explain payments/', ['payments/checkout-charges']],
];

describe.skipIf(!hasShell('bash'))('bash', () => {
  const replies = (line: string, breaks: string) => {
    const typed = `COMP_WORDBREAKS='${breaks}'; COMP_LINE='${line}'; COMP_POINT=${line.length}`;
    const probe = [script('bash'), names, typed, '_ambit', `printf '%s\\n' "\${COMPREPLY[@]}"`].join('\n');
    const { stdout, stderr } = spawnSync('bash', ['-c', probe], { encoding: 'utf8', cwd: emptyDirectory });
    expect(stderr).toBe('');
    return stdout.trim().split('\n').sort();
  };

  it.each([
    ...questions,
    ['ambit --ver', ['--version']] as const,
    ['ambit compile --out', ['--output', '--output-dir']] as const,
  ])('completes `%s`', (line, expected) => expect(replies(line, '')).toEqual(expected));

  it('leaves out what stands before the last colon where colons part words', () => {
    expect(replies('ambit trace --to payments/ledger:h', ' :')).toEqual(['http']);
  });
});

describe.skipIf(!hasShell('fish'))('fish', () => {
  it.each(questions)('completes `%s`', (line, expected) => {
    const stub = `function ambit; bash -c ${quotedForFish(`${names}; ambit "$@"`)} ambit $argv; end`;
    const probe = [script('fish'), stub, `complete -C '${line}'`].join('\n');
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', probe], {
      encoding: 'utf8',
      cwd: emptyDirectory,
    });
    expect(stderr).toBe('');
    const words = stdout.split('\n').flatMap((each) => each.split('\t')[0] || []);
    expect([...new Set(words)].sort()).toEqual(expected);
  });
});

function quotedForFish(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
