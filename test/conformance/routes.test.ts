import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow } from '../support/cases.js';
import type { RouteRecording } from './routes/recording/route-recording.js';
import { unlikeIn } from './routes/recording/route-replay.js';

const folder = new URL('recorded-routes/', import.meta.url).pathname;
const files = filesBelow(folder).map((path) => ({ name: relative(folder, path), path }));

describe('where Istio and Envoy led requests', () => {
  it.each(files)('$name', ({ path }) => {
    expect(unlikeIn(JSON.parse(readFileSync(path, 'utf8')) as RouteRecording)).toEqual([]);
  });
});
