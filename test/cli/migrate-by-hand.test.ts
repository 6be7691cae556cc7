import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/run-cli.js';
import {
  ambientNamespace,
  atWaypoint,
  beside,
  bound,
  guard,
  intents,
  mesh,
  running,
  waypoint,
} from '../migrate/dump.js';
import { memoryHost } from '../support/memory-host.js';

/** Migrations that somebody went about without a plan, as a dump shows them. */
const byHand = {
  'a guard without a waypoint': [
    ambientNamespace,
    running('web', 'ambient'),
    running('api', 'ambient', bound),
    beside,
    guard,
  ],
  'targetRefs without enrolment': [
    ambientNamespace,
    running('web', 'ambient'),
    running('api', 'ambient'),
    waypoint,
    atWaypoint,
  ],
  'callers last': [
    ambientNamespace,
    running('web', 'sidecar'),
    running('api', 'ambient', bound),
    waypoint,
    beside,
    guard,
  ],
};

const closed = 'GET / from shop/web to shop/api:80 is denied: there are ALLOW policies and none matches';
const refused = 'GET / from shop/web to shop/api:80 is refused: there are ALLOW policies and none matches';
const open = 'is allowed: no policy denies it';

/** With intents, the request that is decided otherwise; without, the one that the policies seem to mean otherwise. */
const told = {
  'a guard without a waypoint': { withIntents: ['AMB5002', 'AMB5003', closed], without: ['AMB5304', refused] },
  'targetRefs without enrolment': { withIntents: ['AMB5002', open], without: ['AMB5320', 'is let through'] },
  'callers last': { withIntents: ['AMB5003', closed], without: ['AMB5304', refused] },
} as const satisfies Readonly<Record<keyof typeof byHand, unknown>>;

const cases = (Object.keys(byHand) as Array<keyof typeof byHand>).flatMap((name) =>
  [['migrate', 'status'], ['verify']].map((command) => ({ name, command, what: command.join(' ') })),
);

it.each(cases)('$name is caught by `$what`, with the request', async ({ name, command }) => {
  const files = { '/work/mesh.yaml': mesh, '/work/intents.yaml': intents, '/work/dump.yaml': byHand[name].join('') };
  const { withIntents, without } = told[name];
  for (const [texts, given] of [
    [withIntents, ['mesh.yaml', 'intents.yaml', 'dump.yaml']],
    [without, ['mesh.yaml', 'dump.yaml']],
  ] as const) {
    const host = memoryHost({ files });
    expect(await runCli([...command, ...given.flatMap((file) => ['-f', file])], host)).toBe(1);
    // Lines are as long as the page, and a sentence may go on in the next.
    const text = host.stderr().replace(/\n\s+/g, ' ');
    for (const expected of texts) expect(text).toContain(expected);
  }
});
