import { isMainThread, parentPort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { EmployerLink, MessageLink } from './host.js';

/** A thread with the same program. Where it is not known which file that is, there is none. */
export function startWorker(words: readonly string[]): MessageLink | undefined {
  const [, program] = process.argv;
  if (program === undefined || !isMainThread) return undefined;
  const worker = new Worker(program, { argv: [...words], stdin: true, stdout: true });
  // Whoever has nothing else to do need not wait for it.
  worker.unref();
  return {
    send: (message) => worker.postMessage(message),
    listen: (heard, ended) => {
      worker.on('message', heard);
      worker.once('exit', ended);
      // A fault of the worker's own ends it, and it has told of it.
      worker.on('error', () => {});
    },
  };
}

/** The thread that started this one. */
export function employer(): { readonly employer?: EmployerLink } {
  if (parentPort === null) return {};
  const port = parentPort;
  return {
    employer: {
      send: (message) => port.postMessage(message),
      listen: (heard, ended) => {
        port.on('message', heard);
        port.once('close', ended);
      },
      next: () => receiveMessageOnPort(port),
    },
  };
}
