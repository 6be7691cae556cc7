import { confined } from '../files/confined.js';
import type { Edits } from '../files/edited-files.js';
import type { Host, MessageLink } from '../files/host.js';
import { type Judged, readProject } from './project-state.js';

/** A project that is to be judged, with what is written in it and not saved. */
export interface Question {
  readonly id: number;
  /** The folders that the editor has open: nothing else is read. */
  readonly roots: readonly string[];
  readonly path: string;
  readonly edits: Edits;
}

/** What was found; `undefined` where the judge itself failed. */
export interface Answer {
  readonly id: number;
  readonly judged: Judged | undefined;
}

/** Judges projects for a language server, in a thread beside it, until that is gone. Of one project only the last question counts. */
export function judgeForServer(host: Host, server: MessageLink): Promise<void> {
  return new Promise((ended) => {
    const waiting = new Map<string, Question>();
    let isJudging = false;
    const judgeAll = async () => {
      if (isJudging) return;
      isJudging = true;
      for (const [path, question] of waiting) {
        waiting.delete(path);
        server.send({ id: question.id, judged: await judge(host, question) } satisfies Answer);
        // What was asked meanwhile is heard before the next begins.
        await host.wait(0);
      }
      isJudging = false;
    };
    server.listen((message) => {
      const question = message as Question;
      waiting.delete(question.path);
      waiting.set(question.path, question);
      judgeAll();
    }, ended);
  });
}

async function judge(host: Host, { roots, path, edits }: Question): Promise<Judged | undefined> {
  try {
    const { found, isRefused } = await readProject(confined(host, roots), path, edits, undefined, 'judged');
    return { found, isRefused };
  } catch (error) {
    host.messages.write(`${error instanceof Error ? error.stack : error}\n`);
    return undefined;
  }
}
