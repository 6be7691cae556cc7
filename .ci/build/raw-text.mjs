import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that is named with `?raw` is its text, as it is for the tests. */
export const rawText = {
  name: 'raw text',
  setup(building) {
    building.onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => {
      return { path: join(resolveDir, path.slice(0, -'?raw'.length)), namespace: 'raw' };
    });
    building.onLoad({ filter: /.*/, namespace: 'raw' }, ({ path }) => {
      return { contents: readFileSync(path, 'utf8'), loader: 'text' };
    });
  },
};
