import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Source } from '../../../src/pipeline.js';
import { filesBelow } from '../../support/cases.js';
import { sharedDirectory } from '../../support/shared.js';
import type { Project } from './project.js';

const options = { today: '2026-06-01' } as const;

/** Real applications and known cases, where they lie beside the checkout: as they are given, and compiled where there are intents. */
export function referenceProjects(): Project[] {
  const folders = ['cases', 'realworld'].map((name) => join(sharedDirectory, name)).filter((path) => existsSync(path));
  return folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ name: `reference/${name}`, sources: manifestsIn(join(folder, name)), options })),
  );
}

/** Some case is about a text that cannot be read: what is no YAML document at all is left out. */
function manifestsIn(directory: string): Source[] {
  return filesBelow(directory)
    .filter((path) => /\.ya?ml$/.test(path) && !path.includes('/deploy/'))
    .map((path) => {
      const name = relative(directory, path);
      const cluster = /^clusters\/([^/]+)\//.exec(name)?.[1];
      return { path: name, text: readFileSync(path, 'utf8'), ...(cluster !== undefined && { cluster }) };
    });
}
