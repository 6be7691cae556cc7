import { isIdentityAttribute } from '../../mesh/fields.js';
import type { Item, Test } from '../../mesh/policies/policy.js';
import type { JsonValue, Path } from '../../parse/document.js';
import type { Names } from '../names/names.js';
import type { Caller, Section, Unsaid } from './lifted.js';

/** One `source`, and what `when` says of the same caller: who it is in the words of the language. */
export function liftCallers(names: Names, { tests, place }: Item, section: Section): readonly Caller[] | Unsaid {
  const unsaid = (because: string, path: Path = place): Unsaid => ({ because, path });
  const foreign = tests.find(({ attribute }) => !isIdentityAttribute(attribute) && attribute !== 'source.ip');
  if (foreign) return unsaid(`rules name no callers by \`${foreign.field}\` of a pod`, foreign.place);
  const byAddress = tests.filter(({ attribute }) => attribute === 'source.ip');
  const byIdentity = tests.filter(({ attribute }) => attribute !== 'source.ip');
  if (byAddress.length > 0 && byIdentity.length > 0)
    return unsaid('a caller is named by its identity or by its address, and not by both at once');
  return byAddress.length > 0 ? liftAddresses(byAddress, place) : liftIdentities(names, byIdentity, section, place);
}

function liftAddresses([test, ...others]: readonly Test[], place: Path): readonly Caller[] | Unsaid {
  if (test === undefined || others.length > 0)
    return { because: 'addresses are compared once for a caller', path: place };
  const { values, notValues } = test;
  if (values.length === 0)
    return { because: 'addresses are excepted from others, and not from everybody', path: place };
  const except = notValues.length > 0 ? { except: [{ ipBlocks: [...notValues] }] } : {};
  return [{ ipBlocks: [...values], ...except }];
}

function liftIdentities(
  names: Names,
  tests: readonly Test[],
  section: Section,
  place: Path,
): readonly Caller[] | Unsaid {
  const faults: Unsaid[] = [];
  const named = (test: Test, value: string): readonly Caller[] => {
    const found = names.caller(test.attribute, value);
    if ('callers' in found) return found.callers;
    faults.push({ ...found, path: test.place });
    return [];
  };
  const wanted = tests.filter(({ values }) => values.length > 0);
  const excepted = tests.flatMap((test) => test.notValues.flatMap((value) => named(test, value)));
  if (wanted.length > 1)
    return { because: 'a caller is named in one way, and not in two that both have to hold', path: place };
  const [test] = wanted;
  const callers = test ? test.values.flatMap((value) => named(test, value)) : everybody(section);
  const [fault] = faults;
  if (fault) return fault;
  if (excepted.includes('anyAuthenticated'))
    return test === undefined
      ? ['unauthenticated']
      : { because: 'who has an identity is named, and everybody who has one is excepted', path: place };
  return excepted.length === 0
    ? callers
    : callers.map((caller) => ({ ...asObject(caller), except: excepted.map(asObject) }));
}

/** From whom somebody is excepted: a denial also refuses whoever has no identity, and nobody else lets them in. */
function everybody(section: Section): readonly Caller[] {
  return [section === 'deny' ? 'anyone' : 'anyAuthenticated'];
}

function asObject(caller: Caller): Readonly<Record<string, JsonValue>> {
  return typeof caller === 'string' ? { [caller]: true } : Object(caller);
}
