import type { Egress, EgressRule, EgressTarget } from './ast.js';
import type { Cursor } from './cursor.js';
import { readAllConditions, readCaller, readTexts } from './parse-references.js';
import { readAcceptances } from './read-acceptances.js';
import { numberOf } from './traffic/leaves.js';
import type { PortProtocol } from './traffic/outside.js';

export function readEgress(node: Cursor): Egress {
  return {
    allow: node.optional('allow', (rules) => rules.items().map(readEgressRule)) ?? [],
    isOwnBackstop: node.optional('backstop', (backstop) => backstop.value !== 'None') ?? true,
    accept: readAcceptances(node),
    span: node.field('default').span,
  };
}

function readEgressRule(rule: Cursor): EgressRule {
  const said = (field: string) => rule.optional(field, (node) => node.text().value);
  return {
    name: rule.field('name').text(),
    reason: said('reason'),
    owner: said('owner'),
    ticket: said('ticket'),
    from: rule.optional('from', (from) => from.items().map(readCaller)),
    to: rule.field('to').items().map(readEgressTarget),
  };
}

function readEgressTarget(target: Cursor): EgressTarget {
  const port = target.field('port');
  const protocol = target.optional('protocol', (node) => node.text());
  return {
    host: target.field('host').text(),
    conditions: readAllConditions(target),
    port: { value: numberOf(port), span: port.span },
    protocol: protocol && { value: protocol.value as PortProtocol, span: protocol.span },
    addresses: target.optional('addresses', readTexts) ?? [],
  };
}
