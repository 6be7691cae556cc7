import type { LogLine } from '../trace/logs/log-line.js';
import { readLogLine } from '../trace/logs/read-log-line.js';
import { joinedObservations } from './join-observations.js';
import { metricsIn } from './metrics.js';
import type { Observation, Observations } from './observation.js';

/** A text in parts of whole lines: a log may be longer than what is good to have in memory at once. */
export type Text = Iterable<string>;

/** Reads logs of ztunnel and Envoy line by line, and metrics as Prometheus prints or answers them. */
export function readObservations(texts: readonly Text[]): Observations {
  const tally = new Tally();
  for (const text of texts) {
    for (const part of text) {
      const metrics = metricsIn(part);
      if (metrics === undefined) for (const line of linesOf(part)) tally.line(line);
      else {
        for (const each of metrics.all) tally.observation(each);
        for (const line of metrics.unknown) tally.unread(line);
      }
    }
  }
  return tally.result();
}

class Tally {
  private readonly joined = joinedObservations();
  private lines = 0;
  private unknown = 0;
  private passedOver = 0;
  private firstUnknown: string | undefined;

  line(text: string): void {
    const line = isBroken(text) ? undefined : readLogLine(text);
    const [found] = line === undefined || isOpening(text) ? [] : observed(line, writerOf(text));
    if (line === undefined) this.unread(text);
    else if (found !== undefined) this.observation(found);
    else {
      this.lines += 1;
      this.passedOver += 1;
    }
  }

  observation(each: Observation): void {
    this.lines += 1;
    this.joined.add(each);
  }

  unread(line: string): void {
    this.lines += 1;
    this.unknown += 1;
    this.firstUnknown ??= line;
  }

  result(): Observations {
    const { lines, unknown, firstUnknown, passedOver } = this;
    return { all: this.joined.all(), lines, unknown, firstUnknown, passedOver };
  }
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end);
    if (line.trim() !== '') yield line;
    start = end + 1;
  }
}

/** Bytes that are no text stand for names that nobody knows. */
function isBroken(text: string): boolean {
  return text.includes('\ufffd');
}

/** ztunnel writes of a connection when it opens, at level debug, and again when it ends. */
function isOpening(text: string): boolean {
  return text.includes('connection opened');
}

/** The pod that wrote a line, where `kubectl logs --prefix` names it: `[pod/name/container]`. */
function writerOf(text: string): string | undefined {
  return /^\[pod\/([^/\]]+)\/[^\]]*\] /.exec(text.trim())?.[1];
}

function observed(line: LogLine, writer: string | undefined): readonly Observation[] {
  const { outcome, writtenBy, side, caller, destination, request, time } = line;
  if (outcome !== 'passed' && outcome !== 'refused') return [];
  const isOwn = writtenBy === 'proxy' && writer !== undefined;
  return [
    {
      writtenBy,
      side,
      outcome,
      request,
      since: time,
      time,
      isPerhapsRefused: false,
      count: 1,
      caller: isOwn && side === 'caller' ? { pod: writer } : caller,
      destination: isOwn && side === 'destination' ? { ...destination, pod: writer } : destination,
    },
  ];
}
