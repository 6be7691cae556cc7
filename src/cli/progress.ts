import type { Progress } from '../util/progress.js';
import { columnsOf } from './columns.js';
import type { Session } from './commands/session.js';

/** What takes less than this nobody has to be told of. */
const patience = 1000;
const betweenLines = 100;

/**
 * Does some work and shows a person how far it has come: on one line of their terminal, which is clean again when the work
 * is done. Pipes, programs that read diagnostics and pipelines get nothing.
 */
export async function showingProgress<T>(session: Session, work: (progress: Progress) => T | Promise<T>): Promise<T> {
  const line = lineOf(session);
  try {
    return await work(line.tell);
  } finally {
    line.clean();
  }
}

function lineOf(session: Session): { readonly tell: Progress; clean(): void } {
  const { host } = session;
  const { messages } = host;
  let shown = '';
  let next = host.now().getTime() + patience;
  const show = (text: string) => {
    messages.write(`\r${text.padEnd(shown.length)}\r${text}`);
    shown = text;
  };
  return {
    tell(doing, done, all) {
      if (!isWatched(session)) return;
      const now = host.now().getTime();
      if (now < next) return;
      next = now + betweenLines;
      const far = done === undefined || all === undefined ? '' : `: ${done} of ${all}`;
      show(`${doing}${far}`.slice(0, columnsOf(host, messages) - 1));
    },
    clean() {
      if (shown !== '') show('');
    },
  };
}

function isWatched({ host, quiet, diagnosticsFormat }: Session): boolean {
  const { CI = '', TERM } = host.environment;
  return host.messages.isTerminal && !quiet && diagnosticsFormat === 'human' && CI === '' && TERM !== 'dumb';
}
