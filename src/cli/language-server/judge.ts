import type { Edits } from '../files/edited-files.js';
import type { Host, MessageLink } from '../files/host.js';
import type { Answer, Question } from './judge-for-server.js';
import type { Judged } from './project-state.js';

/** Judges a project in a thread beside this one. */
export interface Judge {
  /** `undefined` where it could not be judged there, or something else has been asked of the project since. */
  judge(roots: readonly string[], path: string, edits: Edits): Promise<Judged | undefined>;
}

/** The thread starts with the first question, and anew after one that ended it. */
export function openJudge(host: Host): Judge {
  let link: MessageLink | undefined;
  let lastId = 0;
  const waiting = new Map<number, { readonly path: string; answer(judged: Judged | undefined): void }>();

  const drop = (isMeant: (path: string) => boolean) => {
    for (const [id, { path, answer }] of waiting) {
      if (!isMeant(path)) continue;
      waiting.delete(id);
      answer(undefined);
    }
  };

  const start = () => {
    const started = host.startWorker(['lsp']);
    started?.listen(
      (message) => {
        const { id, judged } = message as Answer;
        waiting.get(id)?.answer(judged);
        waiting.delete(id);
      },
      () => {
        link = undefined;
        drop(() => true);
      },
    );
    return started;
  };

  return {
    judge: (roots, path, edits) => {
      link ??= start();
      const judging = link;
      if (judging === undefined) return Promise.resolve(undefined);
      drop((each) => each === path);
      lastId++;
      const question: Question = { id: lastId, roots, path, edits };
      return new Promise((answer) => {
        waiting.set(question.id, { path, answer });
        judging.send(question);
      });
    },
  };
}
