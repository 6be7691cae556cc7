import { setImmediate } from 'node:timers/promises';
import type { Host } from './host.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lets work end before an interruption does what it would have done at once. The listeners stay when the work is done:
 * a signal that is already on its way when a listener is removed is lost.
 */
export function interruptionGuard(): Host['withoutInterruption'] {
  let isListening = false;
  let isWorking = false;
  let received: NodeJS.Signals | undefined;

  const receive = (signal: NodeJS.Signals) => {
    received = signal;
    if (!isWorking) end(signal);
  };
  const end = (signal: NodeJS.Signals) => {
    process.off(signal, receive);
    process.kill(process.pid, signal);
  };

  return async (work) => {
    if (!isListening) for (const signal of signals) process.on(signal, receive);
    isListening = true;
    isWorking = true;
    try {
      return await work();
    } finally {
      // A signal that came during the work is delivered when the event loop turns.
      await setImmediate();
      isWorking = false;
      if (received !== undefined) end(received);
    }
  };
}
