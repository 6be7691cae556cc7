import type { LogLine } from '../trace/logs/log-line.js';
import { readLogLine } from '../trace/logs/read-log-line.js';
import { metricsIn } from './metrics.js';
import type { Observation, Observations } from './observation.js';

/** Reads logs of ztunnel and Envoy line by line, and metrics as Prometheus prints or answers them. */
export function readObservations(texts: readonly string[]): Observations {
  const answers = texts.map((text) => metricsIn(text));
  const metrics = answers.flatMap((answer) => answer?.all ?? []);
  const unread = answers.flatMap((answer) => answer?.unknown ?? []);
  const lines = texts.filter((_, index) => answers[index] === undefined).flatMap((text) => linesOf(text));
  const read = lines.map((text) => ({ text, line: readLogLine(text), writer: writerOf(text) }));
  const unknown = read.filter(({ line }) => line === undefined);
  const logged = read.flatMap(({ text, line, writer }) => (line && !isOpening(text) ? observed(line, writer) : []));
  return {
    all: [...metrics, ...logged],
    lines: lines.length + metrics.length + unread.length,
    unknown: unknown.length + unread.length,
    firstUnknown: unknown[0]?.text ?? unread[0],
    passedOver: lines.length - unknown.length - logged.length,
  };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
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
      time,
      isPerhapsRefused: false,
      count: 1,
      caller: isOwn && side === 'caller' ? { pod: writer } : caller,
      destination: isOwn && side === 'destination' ? { ...destination, pod: writer } : destination,
    },
  ];
}
