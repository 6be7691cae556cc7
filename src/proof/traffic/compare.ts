import { isEmpty, type RequestSet } from '../../algebra/request-set.js';
import type { Space, spaceMaker } from '../../algebra/space.js';
import { witnessOf } from '../../algebra/witness.js';
import type { Mesh } from '../../mesh/mesh.js';
import { describeRequest, type HttpRequest, type Request } from '../../mesh/request.js';
import { asSent } from '../../mesh/routes/follow/matching.js';
import type { Asked } from './asked.js';
import { classesOf, type RequestClass } from './classes.js';
import type { Entrance } from './entrance.js';
import { type IntendedEntry, intendedEntries } from './intended-entries.js';
import { intendedOutcome } from './intended-outcome.js';
import { meshOutcome, type Treatment } from './mesh-outcome.js';
import { type Deviation, deviations } from './outcome.js';

/** What came of comparing the requests that come one way. */
export interface Compared {
  /** How many classes of them there are. */
  readonly classes: number;
  readonly deviating: readonly Deviating[];
  readonly open: readonly OpenTraffic[];
}

/** Requests of which the mesh makes something else than is meant. */
export interface Deviating {
  readonly asked: Asked;
  readonly entry: IntendedEntry;
  /** One of them, in words. */
  readonly witness: string;
  readonly treatment: Treatment;
  readonly deviations: readonly Deviation[];
}

/** Requests of which it is not known what becomes of them. */
export interface OpenTraffic {
  readonly asked: Asked;
  readonly fact: string;
}

/** Compares each class by one of its requests; nothing is said of requests that nobody may send. */
export function compare(mesh: Mesh, makeSpace: ReturnType<typeof spaceMaker>, entrance: Entrance): Compared {
  const { asked } = entrance;
  const entries = intendedEntries(asked);
  const { space, decided, open } = classesOf(makeSpace, entrance, entries);
  const judge = judgeOf(mesh, space, entrance);
  const judged = decided.map(judge);
  const undecided = isEmpty(open) ? [] : [{ asked, fact: whyOpen(entries, open, judge) }];
  const found: Compared = {
    classes: decided.length,
    deviating: judged.flatMap(({ deviating }) => deviating),
    open: [...judged.flatMap((each) => each.open), ...undecided],
  };
  const isClean = found.deviating.length + found.open.length === 0;
  return isClean || entrance.isUsed() ? found : { ...found, deviating: [], open: [] };
}

type Judged = Pick<Compared, 'deviating' | 'open'>;
type Judge = (requests: RequestClass) => Judged;

const nothing: Judged = { deviating: [], open: [] };

function judgeOf(mesh: Mesh, space: Space, entrance: Entrance): Judge {
  const { asked, lane, sender, kind, host } = entrance;
  const { at } = asked;
  const { source } = kind.representative;
  return ({ entry, requests }) => {
    const found = witnessOf(space, lane, requests)?.payload;
    if (found?.kind !== 'http') return nothing;
    const payload = host === undefined ? found : { ...found, host };
    const treatment = meshOutcome(mesh, at, entrance.waysOf(payload), sender);
    if (treatment.doubt !== undefined) return { ...nothing, open: [{ asked, fact: treatment.doubt }] };
    const sent = asSent(payload, at.cluster.settings.istio.pathNormalization);
    const all = deviations(intendedOutcome(asked, entry, sent), treatment.outcome);
    const known = all.filter((each) => each.found.known);
    const witness = inWords({ source, destination: lane.destination, payload }, host);
    return {
      deviating: known.length === 0 ? [] : [{ asked, entry, witness, treatment, deviations: known }],
      open: all.flatMap((each) => (each.found.known ? [] : [{ asked, fact: each.found.why }])),
    };
  };
}

/** With what else it is told from others by. */
function inWords(request: Request & { readonly payload: HttpRequest }, host: string | undefined): string {
  const headers = Object.entries(request.payload.headers).map(([name, value]) =>
    value === '' ? `an empty header ${name}` : `header ${name}: ${value}`,
  );
  const carried = [...(host === undefined ? [] : [`host ${host}`]), ...headers];
  return `${describeRequest(request)}${carried.length === 0 ? '' : `, with ${carried.join(' and ')}`}`;
}

/** Why it is not known of some requests which of the entries are for them. */
function whyOpen(entries: readonly IntendedEntry[], requests: RequestSet, judge: Judge): string {
  const matchers = entries.flatMap(({ tests }) => tests.flatMap(({ anyOf, noneOf }) => [...anyOf, ...noneOf]));
  const [meant] = matchers.flatMap((matcher) => (matcher.kind === 'not-modelled' ? [matcher.why] : []));
  const [found] = entries.slice(0, 1).flatMap((entry) => judge({ entry, requests }).open);
  return meant ?? found?.fact ?? 'which requests its rules are for';
}
