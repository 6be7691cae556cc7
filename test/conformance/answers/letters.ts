import type { RequestAnswer } from '../contract.js';

type Answer = Pick<RequestAnswer, 'judge' | 'asked'>;

/** One letter an answer, so that a row of callers is one word. What stands for no answer is not recorded. */
const letters: Readonly<Record<string, Answer>> = {
  A: { judge: 'allowed' },
  Q: { judge: 'allowed', asked: true },
  F: { judge: 'forbidden' },
  U: { judge: 'unauthenticated' },
  B: { judge: 'bad-request' },
  S: { judge: 'unavailable' },
  C: { judge: 'closed' },
  N: { judge: 'no-path' },
  O: { judge: 'status-other' },
};

export const noAnswer = '.';

export function letterOf({ judge, asked }: Answer): string {
  if (judge === 'not-covered') return noAnswer;
  const word = judge.startsWith('status-') ? 'status-other' : judge;
  const found = Object.entries(letters).find(([, each]) => each.judge === word && each.asked === asked);
  // Who is refused may have been asked about before.
  return found?.[0] ?? letterOf({ judge });
}

export function answerOf(letter: string): Answer | undefined {
  return letters[letter];
}
