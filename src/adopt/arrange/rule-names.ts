import type { Caller, LiftedRule } from '../lift/lifted.js';
import { label } from '../names/label.js';
import type { Written } from '../policies.js';

/** The name of a rule: that of its policy, and where a policy has several, whom each of them is about. */
export function ruleName({ object, rules }: Pick<Written, 'object' | 'rules'>, rule: LiftedRule): string {
  if (rules.length === 1) return label(object.name);
  const others = rules.filter((other) => other !== rule);
  const qualifier = [callersIn(rule), looksIn(rule)].find(
    (each) => each !== '' && others.every((other) => callersIn(other) !== each && looksIn(other) !== each),
  );
  return label(qualifier === undefined ? object.name : `${object.name}-${qualifier}`);
}

function callersIn({ from }: LiftedRule): string {
  const names = (from ?? []).map(shortName);
  return names.length > 2 ? '' : names.join('-');
}

function shortName(caller: Caller): string {
  if (typeof caller === 'string') return caller === 'anyone' ? 'anyone' : 'mesh';
  const [name] = Object.values(Object(caller)).filter((value) => typeof value === 'string');
  return name === undefined ? 'addresses' : label(name.slice(name.lastIndexOf('/') + 1));
}

function looksIn({ requests }: LiftedRule): string {
  const [only, ...others] = requests;
  if (only === undefined || others.length > 0) return '';
  const methods = Object(only.looks).methods;
  return Array.isArray(methods) ? label(methods.join('-')) : '';
}
