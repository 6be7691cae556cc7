import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../support/cases.js';
import type { Recording } from './answers/recording.js';
import { contradictionsIn } from './answers/replay.js';

const folder = new URL('recorded/', import.meta.url).pathname;
const files = filesBelow(folder).map((path) => ({ name: relative(folder, path), path }));

describe('what Istio and Envoy answered', () => {
  it.each(files)('$name', ({ path }) => {
    expect(contradictionsIn(JSON.parse(readFileSync(path, 'utf8')) as Recording)).toEqual([]);
  });
});
