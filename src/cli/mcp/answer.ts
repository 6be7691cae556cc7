import { type ExitCode, exitCodes } from '../exit-code.js';
import type { Host } from '../files/host.js';
import type { RunCommandLine } from '../program/runtime.js';
import { bounded, type LeftOut } from './bounded.js';

/** What a tool answers with. */
export interface Answer {
  readonly exitCode: ExitCode;
  readonly meaning: string;
  /** The answer itself: JSON, text where the command has no JSON, or nothing. */
  readonly answer: unknown;
  /** What was said about it, by the published schema of reports. */
  readonly reports: unknown;
  readonly leftOut: readonly LeftOut[];
}

/** An answer is read by a model, whose memory is small. */
const mostCharacters = 60_000;

const meanings: Readonly<Record<ExitCode, string>> = {
  [exitCodes.success]: 'yes',
  [exitCodes.no]: 'the answer is no',
  [exitCodes.invalid]: 'bad usage or invalid input',
  [exitCodes.refused]: 'this topology cannot enforce it, or the answer is undecided',
  [exitCodes.bug]: 'a bug in Ambit',
};

/** Runs a command line for a tool, and keeps what it prints. */
export async function answerOf(run: RunCommandLine, host: Host, argv: readonly string[]): Promise<Answer> {
  const output: string[] = [];
  const messages: string[] = [];
  const exitCode = await run(['--diagnostics=json', ...argv], {
    ...host,
    output: { isTerminal: false, write: (text) => void output.push(text) },
    messages: { isTerminal: false, write: (text) => void messages.push(text) },
  });
  const said = { answer: parsed(output.join('')), reports: documentsIn(messages.join('')) };
  const { value, leftOut } = bounded(said, mostCharacters);
  const { answer, reports } = value as typeof said;
  return { exitCode, meaning: meanings[exitCode], answer, reports, leftOut };
}

function parsed(text: string): unknown {
  if (!text.startsWith('{') && !text.startsWith('[')) return text === '' ? null : text;
  return JSON.parse(text);
}

/** A command that compares two sides reports on each of them. */
function documentsIn(text: string): readonly unknown[] {
  return text === '' ? [] : text.split(/(?<=^\})\n(?=\{)/m).map((each) => JSON.parse(each));
}
