import { basename, join, resolve } from 'node:path';
import { diagnostic } from '../../diagnostics/create.js';
import { type Diagnostic, hasErrors } from '../../diagnostics/diagnostic.js';
import { type ExitCode, exitCodeOf } from '../exit-code.js';
import type { Host } from '../files/host.js';
import { exists } from '../files/output-tree.js';
import { writeFile } from '../files/write-file.js';
import { projectFileName } from '../project/project-file.js';
import { starterIntents, starterProject, starterSchemaName } from '../project/starter-project.js';
import { type Deployment, surveyManifests } from '../project/survey-manifests.js';
import { schemaText } from './schema.js';
import { report, type Session, tell } from './session.js';

interface StarterFile {
  readonly path: string;
  readonly text: string;
}

/** Writes a first project for the manifests of a directory. It compiles as it stands, and nothing is overwritten. */
export async function runInit(session: Session, manifests: string): Promise<ExitCode> {
  const { host } = session;
  const { value: deployment, diagnostics: found } = surveyManifests(host, manifests);
  const errors = found.filter(({ severity }) => severity === 'error');
  const files = errors.length === 0 ? starterFiles(host, deployment) : [];
  const diagnostics = [...errors, ...files.flatMap((file) => overwrites(host, file))];
  const written = hasErrors(diagnostics)
    ? []
    : files.flatMap(({ path, text }) => writeFile(host, join(host.workingDirectory, path), text));
  const all = [...diagnostics, ...written];
  report(session, all, host.workingDirectory);
  // A starter says nothing: an import takes its place.
  const next = deployment.isToImport ? 'ambit import (there are policies or routes)' : 'ambit compile';
  if (all.length === 0)
    tell(session, `wrote ${files.map(({ path }) => path).join(' and ')}; next: ambit topology, ${next}`);
  return exitCodeOf(all);
}

function starterFiles(host: Host, deployment: Deployment): readonly StarterFile[] {
  const { workingDirectory } = host;
  return [
    { path: projectFileName, text: starterProject(projectName(workingDirectory), deployment) },
    { path: `intents/${deployment.largest.name}.yaml`, text: starterIntents(deployment.largest) },
    { path: starterSchemaName, text: schemaText(host) },
  ];
}

function overwrites(host: Host, { path }: StarterFile): readonly Diagnostic[] {
  return exists(host.files, resolve(host.workingDirectory, path))
    ? [diagnostic('would-overwrite', { path }, null)]
    : [];
}

/** The directory's name as a Kubernetes name. */
function projectName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'project' : name;
}
