import { resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors, type Result } from '../../diagnostics/diagnostic.js';
import type { CallerGroup, GuardrailCheck } from '../../parse/ast.js';
import type { Approval, WrittenGate } from '../../parse/gate.js';
import { apiVersion } from '../../parse/kinds.js';
import { parseSources, type Source } from '../../parse/parse-sources.js';
import { commandLine } from '../../report/gate.js';
import type { Host } from '../files/host.js';
import { readText } from '../files/read-text.js';
import type { LoadedSide } from './sides.js';

/** What one side says of gates itself. */
export interface GateInputs {
  readonly gates: readonly WrittenGate[];
  readonly approvals: readonly Approval[];
  readonly groups: readonly CallerGroup[];
}

/** What is wrong with its documents is told by whoever compiles the side. */
export function gateInputsOf({ loaded }: LoadedSide): GateInputs {
  const { value } = parseSources(loaded.sources.filter(({ text }) => text.includes('ambit.dev/')));
  const { gates, approvals, intents } = value;
  return { gates, approvals, groups: intents.filter((intent) => intent.kind === 'CallerGroup') };
}

/**
 * Reads files of approvals that are named beside a side. One that is among its inputs counts once. Their paths are absolute:
 * whatever the side is, they lie in the working tree.
 */
export function readApprovalFiles(
  host: Host,
  named: readonly string[],
  { loaded, sourcePath }: LoadedSide,
): Result<readonly Approval[]> {
  const diagnostics: Diagnostic[] = [];
  const approvals = named.flatMap((name) => {
    if (loaded.sources.some(({ path }) => path === sourcePath(name))) return [];
    const path = resolve(host.workingDirectory, name);
    const content = readText(host.files, path, name, null);
    if ('fault' in content) {
      diagnostics.push(content.fault);
      return [];
    }
    const read = approvalsIn({ path, text: content.text }, name);
    diagnostics.push(...read.diagnostics);
    return read.value;
  });
  return { value: approvals, diagnostics };
}

function approvalsIn(source: Source, name: string): Result<readonly Approval[]> {
  const { value, diagnostics } = parseSources([source]);
  const isOne = /^\s*["']?kind["']?:\s*["']?Approvals\b/m.test(source.text);
  if (isOne || hasErrors(diagnostics)) return { value: value.approvals, diagnostics };
  return { value: [], diagnostics: [...diagnostics, diagnostic('no-approvals', { path: name }, null)] };
}

const callerWords: readonly string[] = ['anyone', 'anyAuthenticated', 'plaintext', 'outside'];

/**
 * `shop/web to payments/ledger:80` as the check of a guardrail; `undefined` where it is written otherwise. The ports that
 * sidecars answer themselves, which no policy closes, are not meant: a project file can mean them.
 */
export function checkWritten(text: string, index: number): GuardrailCheck | undefined {
  const [from = '', to = '', ...others] = text.trim().split(/\s+to\s+/);
  if (from === '' || to === '' || others.length > 0) return undefined;
  const check = { name: `check-${index + 1}`, from: [callerIn(from)], to: [targetIn(to)], except: ['ProxyPorts'] };
  const document = { apiVersion, kind: 'Guardrail', metadata: { name: 'gate' }, spec: { never: [check] } };
  const { value, diagnostics } = parseSources([{ path: commandLine, text: JSON.stringify(document) }]);
  const [guardrail] = value.intents;
  const [found] = hasErrors(diagnostics) || guardrail?.kind !== 'Guardrail' ? [] : guardrail.checks;
  return found && { ...found, name: { ...found.name, value: text } };
}

function callerIn(text: string) {
  if (callerWords.includes(text)) return text;
  const [kind = '', name] = text.split(':');
  return name === undefined ? { workload: text } : { [kind]: name };
}

function targetIn(text: string) {
  const [, kind = 'service', named = ''] = /^(?:(namespace|service|workload):)?(.*)$/s.exec(text) ?? [];
  const [name = '', port] = named.split(':');
  if (port === undefined) return { [kind]: name };
  return { [kind]: name, port: /^\d+$/.test(port) ? Number(port) : port };
}
