import { diagnostic } from '../diagnostics/create.js';
import { sortedUnique } from '../util/order.js';
import type { BindContext } from './context.js';
import { isInNamespace } from './namespace-pattern.js';
import type { Caller, NamedCaller, Source } from './resolved.js';

/**
 * A caller without some others, as one list of fields that must not match: identities are taken from identities, and
 * addresses from addresses. What cannot be taken away so is reported.
 */
export function withoutCallers(context: BindContext, caller: Caller, except: readonly Caller[]): Caller[] {
  const label = `${caller.label} except ${except.map((each) => each.label).join(', ')}`;
  const misfit = except.find((each) => !canBeTakenFrom(caller, each));
  if (misfit) {
    const parameters = { excepted: misfit.label, caller: caller.label };
    context.report(diagnostic('exception-of-another-kind', parameters, misfit.span));
    return [];
  }
  for (const each of except) {
    if (isOutside(caller, each)) context.report(diagnostic('exception-without-effect', {}, each.span));
  }
  const [covering] = except.filter((each) => takesAll(caller, each));
  if (covering) {
    context.report(diagnostic('nothing-left', {}, covering.span));
    return [];
  }
  return [{ ...reduced(caller, except), label }];
}

/**
 * Reports what an allow rule excepts from anyone at all: who shows no identity may be one of them, and would be let in.
 * A denial refuses whoever does not show to be one of them.
 */
export function checkAllowed(context: BindContext, callers: readonly Caller[]): void {
  for (const caller of callers) {
    const [excepted] = caller.kind === 'anyone' ? caller.except : [];
    if (excepted === undefined) continue;
    const parameters = { excepted: excepted.label, caller: 'anyone' };
    const help = 'write `anyAuthenticated`: who shows no identity may be one of them';
    context.report(diagnostic('exception-of-another-kind', parameters, excepted.span, { help }));
  }
}

function reduced(caller: Caller, except: readonly Caller[]): Caller {
  const named = except.filter(isNamed);
  switch (caller.kind) {
    case 'anyone':
    case 'anyAuthenticated':
      return { ...caller, except: named };
    case 'namespace':
      return { ...caller, except: named, members: caller.members.filter((source) => !isExcepted(named, source)) };
    case 'addresses':
      return { ...caller, exceptBlocks: sortedUnique(except.flatMap(blocksOf)) };
    default:
      return caller;
  }
}

function canBeTakenFrom(caller: Caller, except: Caller): boolean {
  switch (caller.kind) {
    case 'anyone':
    case 'anyAuthenticated':
      return isNamed(except);
    case 'namespace':
      return except.kind === 'identities' || (except.kind === 'namespace' && except.namespace === caller.namespace);
    case 'addresses':
      return except.kind === 'addresses';
    default:
      return false;
  }
}

/** Whether somebody is excepted who is not meant anyhow. */
function isOutside(caller: Caller, except: Caller): boolean {
  if (caller.kind !== 'namespace' || except.kind !== 'identities') return false;
  return except.serviceAccounts.every((account) => !isInNamespace(caller.namespace, account));
}

function takesAll(caller: Caller, except: Caller): boolean {
  if (caller.kind === 'namespace') return except.kind === 'namespace';
  const blocks = blocksOf(except);
  return caller.kind === 'addresses' && caller.ipBlocks.every((block) => blocks.includes(block));
}

function isNamed(caller: Caller): caller is NamedCaller {
  return caller.kind === 'identities' || caller.kind === 'namespace';
}

function blocksOf(caller: Caller): readonly string[] {
  return caller.kind === 'addresses' ? caller.ipBlocks : [];
}

/** Whether one of these callers is a source, by the identity that it shows. */
export function isExcepted(
  except: readonly NamedCaller[],
  { serviceAccount }: Pick<Source, 'serviceAccount'>,
): boolean {
  return except.some((each) =>
    each.kind === 'namespace'
      ? isInNamespace(each.namespace, serviceAccount)
      : each.serviceAccounts.includes(serviceAccount),
  );
}
