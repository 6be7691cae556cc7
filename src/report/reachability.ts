import type { OutputProof } from '../proof/prove-output.js';
import { hanging, wrap } from './layout.js';
import { counted, shortList } from './words.js';

type Known = OutputProof['reachability']['known'];

/**
 * What sidecars know of the mesh where settings say it, and what that saves: a line for each namespace. `listing`: the
 * command that lists all.
 */
export function knownToText(
  { known }: Pick<OutputProof['reachability'], 'known'>,
  columns: number,
  listing: string,
): readonly string[] {
  const rest = known.length - shownScopes;
  const more = rest > 0 ? [`and ${rest} more: \`${listing}\` lists all`] : [];
  return [...known.slice(0, shownScopes).flatMap((each) => linesOf(each, columns)), ...more];
}

const shownScopes = 4;

function linesOf(each: Known[number], columns: number): readonly string[] {
  return [
    ...wrap(knownOf(each), columns),
    ...[...openOf(each), ...hiddenOf(each)].flatMap((line) => hanging('  ', line, columns)),
  ];
}

function knownOf({ cluster, namespace, workloads, before, after }: Known[number]): string {
  const who = workloads.length === 1 ? `${namespace}/${workloads[0]}` : `namespace ${namespace}`;
  const hosts = `${after.hosts} of ${counted(before.hosts, 'host')}`;
  return `sidecars of ${who} in ${cluster} know ${hosts}: ${after.ports} of ${counted(before.ports, 'cluster')} of Envoy`;
}

const shownHosts = 3;

function hiddenOf({ hidden, unknown }: Known[number]): readonly string[] {
  return hidden.length === 0 ? [] : [`no longer ${shortList(hidden, shownHosts)}; what is sent to them ${unknown}`];
}

function openOf({ reachability, openToAll }: Known[number]): readonly string[] {
  if (openToAll.length === 0 || !reachability.isDeclared) return [];
  return [`of which nobody is kept out: ${shortList(openToAll, shownHosts)}`];
}

/** The same for a program. Fields are only ever added. */
export function knownForPrograms({ known, hidden, open }: OutputProof['reachability']) {
  return {
    known: known.map(
      ({ reachability, cluster, namespace, workloads, before, after, openToAll, hidden: names, unknown }) => ({
        intent: reachability.origin.id,
        cluster,
        namespace,
        workloads,
        before,
        after,
        openToAll,
        hidden: names,
        unknownHosts: unknown,
      }),
    ),
    hiddenCalls: hidden.map(({ cluster, workload, called }) => ({
      cluster,
      caller: `${workload.namespace}/${workload.name}`,
      called: called.name,
    })),
    notModelled: [...new Set(open.map(({ fact }) => fact))],
  };
}
