import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

type Parameters = Readonly<Record<string, unknown>>;

/** A real Chromium with one page, told what to do by the DevTools protocol over a pipe. */
export interface Browser {
  send(method: string, parameters?: Parameters): Promise<Record<string, unknown>>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  press(key: string): Promise<void>;
  /** What scripts of the page failed with, and what it asked the network for. */
  readonly failures: readonly string[];
  close(): Promise<void>;
}

/** Nothing of the browser's own asks the network for anything. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-pipe',
];

export async function openBrowser(program: string, directory: string): Promise<Browser> {
  const child = spawn(program, [...flags, `--user-data-dir=${join(directory, 'profile')}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const failures: string[] = [];
  const call = protocolOver(child, ({ method, params }) => {
    const { exceptionDetails, request } = params as Record<string, Record<string, unknown>>;
    if (method === 'Runtime.exceptionThrown') failures.push(JSON.stringify(exceptionDetails));
    const url = String(request?.url ?? '');
    if (method === 'Network.requestWillBeSent' && !url.startsWith('file:')) failures.push(url);
  });
  const { targetId } = await call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
  const send = (method: string, parameters: Parameters = {}) => call(method, parameters, String(sessionId));
  for (const domain of ['Page', 'Runtime', 'Network']) await send(`${domain}.enable`);
  return {
    send,
    failures,
    evaluate: async (expression) => {
      const { result } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      return (result as { readonly value?: unknown }).value;
    },
    press: async (key) => {
      const named = { key, code: key, windowsVirtualKeyCode: key === 'Tab' ? 9 : 13 };
      await send('Input.dispatchKeyEvent', { type: 'keyDown', ...named, ...(key === 'Enter' && { text: '\r' }) });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...named });
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await call('Browser.close', {});
      await ended;
    },
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Messages are JSON, each with a zero byte behind it. */
function protocolOver(child: ChildProcess, onEvent: (message: Message) => void) {
  const [, , , input, output] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const waiting = new Map<number, (message: Message) => void>();
  let received = '';
  let last = 0;
  output.setEncoding('utf8').on('data', (text: string) => {
    const parts = (received + text).split('\0');
    received = parts.pop() ?? '';
    for (const part of parts) {
      const message: Message = JSON.parse(part);
      if (message.id === undefined) onEvent(message);
      else waiting.get(message.id)?.(message);
    }
  });
  return (method: string, params: Parameters, sessionId?: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const id = ++last;
      waiting.set(id, ({ result = {}, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      input.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
}
