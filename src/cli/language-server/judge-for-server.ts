import { type Memory, newMemory } from '../../util/memory.js';
import { confined } from '../files/confined.js';
import type { Edits } from '../files/edited-files.js';
import type { EmployerLink, Host } from '../files/host.js';
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

/**
 * Judges projects for a language server, in a thread beside it, until that is gone. Of one project only the last question counts:
 * what is being judged when another comes is left, and what was found by then is remembered.
 */
export function judgeForServer(host: Host, server: EmployerLink): Promise<void> {
  return new Promise((ended) => {
    const waiting = new Map<string, Question>();
    const memories = new Map<string, Memory>();
    let isJudging = false;
    const hear = (message: unknown) => {
      const question = message as Question;
      waiting.delete(question.path);
      waiting.set(question.path, question);
    };
    const hearAll = () => {
      for (let heard = server.next(); heard !== undefined; heard = server.next()) hear(heard.message);
    };
    const judge = async (question: Question): Promise<Judged | typeof superseded | undefined> => {
      const memory = memories.get(question.path) ?? newMemory();
      memories.set(question.path, memory);
      const progress = () => {
        hearAll();
        if (waiting.has(question.path)) throw superseded;
      };
      try {
        return await judged(host, question, memory, progress);
      } catch (error) {
        if (error === superseded) return superseded;
        host.messages.write(`${error instanceof Error ? error.stack : error}\n`);
        return undefined;
      }
    };
    const judgeAll = async () => {
      if (isJudging) return;
      isJudging = true;
      for (const [path, question] of waiting) {
        waiting.delete(path);
        const found = await judge(question);
        if (found !== superseded) server.send({ id: question.id, judged: found } satisfies Answer);
        hearAll();
      }
      isJudging = false;
    };
    server.listen((message) => {
      hear(message);
      judgeAll();
    }, ended);
  });
}

/** Thrown out of a judgement that nobody waits for any more. */
const superseded = Symbol('superseded');

async function judged(host: Host, { roots, path, edits }: Question, memory: Memory, progress: () => void) {
  const reading = { depth: 'judged', memory, progress } as const;
  const { found, isRefused } = await readProject(confined(host, roots), path, edits, undefined, reading);
  return { found, isRefused };
}
