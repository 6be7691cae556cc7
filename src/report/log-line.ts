import type { JsonObject } from '../parse/document.js';
import type { LoggedEnd, LogLine } from '../trace/logs/log-line.js';
import type { Responsible } from '../trace/responsible.js';
import { type Page, wrap } from './layout.js';
import { flagInWords } from './response-flags.js';
import { sourceIntentToJson } from './trace/json.js';
import { fact } from './trace/layout.js';
import { lineOf } from './trace/line-of.js';
import type { SourceIntentsOf } from './trace/origins.js';
import { placeOf } from './trace/trace-report.js';

/** A line of a log, and the object that it names. */
export interface LogReport {
  readonly line: LogLine;
  readonly policy: Responsible | undefined;
  readonly sourceIntentsOf: SourceIntentsOf;
  readonly displayPath: (path: string) => string;
}

const writers = { ztunnel: 'ztunnel', proxy: 'an Envoy (sidecar, waypoint or gateway)' } as const;

/** What a line says, for a person: what became of the request, why, by which object, and from which intent. */
export function logLineToText({ line, policy, sourceIntentsOf, displayPath }: LogReport, page: Page): string {
  const { writtenBy, outcome, because, caller, destination, request, flags } = line;
  const intents = policy === undefined ? [] : sourceIntentsOf(policy);
  const lines = [
    ...wrap(`${outcome}, says ${writers[writtenBy]}`, page.columns).map((text) => page.pen.bold(text)),
    ...fact('because', because ?? 'the line does not say', page),
    ...flags.flatMap((flag) => fact(flag, flagInWords(flag) ?? 'a flag that is not known', page)),
    ...fact('from', endInWords(caller), page),
    ...fact('to', endInWords(destination), page),
    ...(request === undefined
      ? []
      : fact('request', `${request.method} ${request.path}, host \`${request.authority}\``, page)),
    ...(line.policy === 'none' ? fact('policy', 'none: there are ALLOW policies, and none matches', page) : []),
    ...(policy === undefined ? [] : fact('policy', inWords(policy, displayPath), page)),
    ...intents.flatMap(({ id, place }) =>
      fact('intent', place === undefined ? id : `${id}  ${displayPath(place.file)}:${place.line}`, page),
    ),
  ];
  return `${lines.map((text) => text.trimEnd()).join('\n')}\n`;
}

function inWords(policy: Responsible, displayPath: LogReport['displayPath']): string {
  const { kind, namespace, name, rule, span } = policy;
  return `${kind} ${namespace}/${name}${rule === undefined ? '' : `, rule ${rule + 1}`}  ${placeOf(span, displayPath)}`;
}

function endInWords({ pod, namespace, principal, host, port, address }: LoggedEnd): string {
  const name = pod === undefined ? undefined : `pod ${namespace ?? ''}/${pod}`;
  const known = [name, principal, host, address].filter((each) => each !== undefined);
  if (known.length === 0) return 'the line does not say';
  return `${known.join(', ')}${port === undefined ? '' : `, port ${port}`}`;
}

/** The same for a program. */
export function logLineToJson({ line, policy, sourceIntentsOf, displayPath }: LogReport): JsonObject {
  return {
    line: JSON.parse(JSON.stringify(line)),
    policy:
      policy === undefined
        ? null
        : {
            kind: policy.kind,
            namespace: policy.namespace,
            name: policy.name,
            rule: policy.rule ?? null,
            file: displayPath(policy.span.file.path),
            line: lineOf(policy.span),
            intents: sourceIntentsOf(policy).map((intent) => sourceIntentToJson(intent, displayPath)),
          },
  };
}
