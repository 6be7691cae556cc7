import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Answer, judgeForServer, type Question } from '../../src/cli/language-server/judge-for-server.js';
import { memoryHost } from '../support/memory-host.js';
import { smallProject } from '../support/projects.js';

const intents = 'intents/shop.yaml';
const test = `---
apiVersion: ambit.dev/v1alpha1
kind: AccessTest
metadata: { name: calls }
spec:
  cases:
    - { expect: allow, from: outside, to: "shop/payments:http" }
`;

const projects = ['/work/one', '/work/other'] as const;
const host = memoryHost({ files: { ...smallProject(projects[0]), ...smallProject(projects[1]) } });
const saved = String(smallProject(projects[0])[`${projects[0]}/${intents}`]);

/** A judge, and whoever asks it; `meanwhile` is what comes while a question is being judged, at the third time that it looks. */
function judgeWith(...meanwhile: readonly Question[]) {
  const answers: Answer[] = [];
  const coming = [...meanwhile];
  let looks = 0;
  let ask: (question: Question) => void = () => {};
  judgeForServer(host, {
    send: (answer) => answers.push(answer as Answer),
    listen: (heard) => {
      ask = heard;
    },
    next: () => {
      looks++;
      const message = looks < 3 ? undefined : coming.shift();
      return message && { message };
    },
  });
  return async (question: Question) => {
    ask(question);
    await setTimeout(0);
    return answers.splice(0).map(({ id, judged }) => [id, judged?.found.map(({ code }) => code)]);
  };
}

function question(id: number, project: string, text: string): Question {
  return { id, roots: ['/work'], path: `${project}/ambit.yaml`, edits: new Map([[`${project}/${intents}`, text]]) };
}

it('leaves what it is judging when something else is asked of the project', async () => {
  const ask = judgeWith(question(2, projects[0], saved));
  expect(await ask(question(1, projects[0], saved + test))).toEqual([[2, []]]);
  expect(await ask(question(3, projects[0], saved + test))).toEqual([[3, ['AMB5206']]]);
});

it('judges on when something is asked of another project', async () => {
  const ask = judgeWith(question(2, projects[1], saved));
  expect(await ask(question(1, projects[0], saved + test))).toEqual([
    [1, ['AMB5206']],
    [2, []],
  ]);
});

it('judges only the last of what was asked meanwhile', async () => {
  const ask = judgeWith(question(2, projects[1], saved), question(3, projects[1], saved + test));
  expect(await ask(question(1, projects[0], saved))).toEqual([
    [1, []],
    [3, ['AMB5206']],
  ]);
});
