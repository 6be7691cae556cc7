import type { ErrorObject } from 'ajv';
import { validators } from '../../schemas/validators.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { suggest } from '../util/suggest.js';
import { describeFault } from './describe-fault.js';
import type { Document } from './document.js';
import type { Kind } from './kinds.js';

/** Checks one Ambit document against its kind's schema; every fault is reported on the smallest text that shows it. */
export function checkSchema(document: Document, kind: Kind): Diagnostic[] {
  return inOneBreath(schemaFaults(document.value, kind)).map((fault) => describeFault(document, fault));
}

/** What is wrong with a value of a kind, each mistake once. */
export function schemaFaults(value: unknown, kind: Kind): readonly ErrorObject[] {
  const validate = validators[kind];
  if (validate(value)) return [];
  const faults = withNames(validate.errors ?? []);
  return faults.filter((fault) => isSaidHere(fault, faults));
}

/** What is wrong with the name of a field says which field it is, also where several share one rule for their names. */
function withNames(faults: readonly ErrorObject[]): readonly ErrorObject[] {
  const keyOf = (place: string, name: unknown) => `${place}\n${String(name)}`;
  const ofNames = faults.filter(({ keyword }) => keyword === 'propertyNames');
  if (ofNames.length === 0) return faults;
  const named = new Set(ofNames.map(({ instancePath, params }) => keyOf(instancePath, params.propertyName)));
  return faults.map((fault) => {
    const { data, instancePath } = fault;
    return typeof data === 'string' && named.has(keyOf(instancePath, data)) ? { ...fault, propertyName: data } : fault;
  });
}

/** All the fields that one object lacks are one fault. */
function inOneBreath(faults: readonly ErrorObject[]): ErrorObject[] {
  const lacking = faults.filter(({ keyword }) => keyword === 'required');
  return faults.flatMap((fault) => {
    if (fault.keyword !== 'required') return [fault];
    const together = lacking.filter((other) => isAt(other, fault));
    const missing = together.map(({ params }) => params.missingProperty);
    return together[0] === fault ? [{ ...fault, params: { missing } }] : [];
  });
}

/** Faults that another one at the same place explains already. */
const explainedBy: Readonly<Record<string, readonly string[]>> = {
  maxProperties: ['additionalProperties'],
  minProperties: ['required'],
  oneOf: ['additionalProperties'],
  maxLength: ['pattern'],
};

/** One mistake is one diagnostic: whether this fault is the one that says it. */
function isSaidHere(fault: ErrorObject, all: readonly ErrorObject[]): boolean {
  // Of which fields one is lacking the whole choice says.
  if (fault.keyword === 'required' && /\/oneOf\/\d+\//.test(fault.schemaPath)) return false;
  // The name itself is reported, with the rule that it breaks.
  if (fault.keyword === 'propertyNames') return false;
  // What the condition asks for is reported by itself.
  if (fault.keyword === 'if') return false;
  const beside = all.filter((other) => isAt(other, fault));
  if (beside.some(({ keyword }) => explainedBy[fault.keyword]?.includes(keyword))) return false;
  if (fault.keyword === 'required' && beside.some((other) => isMisspelling(other, fault))) return false;
  if (fault.keyword === 'anyOf') return branchFor(fault) === -1;
  // Of which types a value may be the whole choice says, or the branch for its own.
  const isOfType = (choice: ErrorObject) => fault.keyword === 'type' || branchFor(choice) === -1;
  if (beside.some((other) => other.keyword === 'anyOf' && isOfType(other))) return false;
  return all.every((choice) => choice.keyword !== 'anyOf' || !isInOtherBranch(fault, choice));
}

/** An unknown field that is nearly the missing one is a slip of the pen, and told as that. */
function isMisspelling({ keyword, params }: ErrorObject, missing: ErrorObject): boolean {
  if (keyword !== 'additionalProperties') return false;
  return suggest(String(params.additionalProperty), [String(missing.params.missingProperty)]).length > 0;
}

function isAt(left: ErrorObject, right: ErrorObject): boolean {
  return left.instancePath === right.instancePath;
}

/** Of the branches of an `anyOf` only the one for the value's own type counts; where there is none, all of them are listed. */
function isInOtherBranch(fault: ErrorObject, choice: ErrorObject): boolean {
  const isBelow = isAt(fault, choice) || fault.instancePath.startsWith(`${choice.instancePath}/`);
  if (!isBelow || !fault.schemaPath.startsWith(`${choice.schemaPath}/`)) return false;
  return !fault.schemaPath.startsWith(`${choice.schemaPath}/${branchFor(choice)}/`);
}

/** The branch that takes values of this type; a list of words has no type, and takes what it takes. */
function branchFor({ schema: branches, data }: ErrorObject): number {
  return (branches as ReadonlyArray<{ readonly type?: string }>).findIndex(({ type }) => type === typeOf(data));
}

function typeOf(value: unknown): string {
  if (Number.isInteger(value)) return 'integer';
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
