import { dump } from 'js-yaml';
import type { fc } from './fast-check.js';
import { manifestsOf, meshDocument, type SmallMesh, smallMesh } from './generate/mesh.js';
import { type SecuritySettings, securitySettings } from './generate/settings.js';

/** A small project: as plain data for a property that wants to look, and as texts for the compiler. */
export interface SmallProject {
  readonly mesh: SmallMesh;
  readonly settings: readonly SecuritySettings[];
  /** `ambit.yaml`, without a Project document: the Mesh alone. */
  readonly meshText: string;
  readonly manifestsText: string;
  readonly intentsText: string;
}

/**
 * Any small project whose documents are valid and whose names all exist. Whether the mesh can enforce it is not said:
 * a refusal is an answer, and properties must take it as one.
 */
export const smallProject: fc.Arbitrary<SmallProject> = smallMesh.chain((mesh) =>
  securitySettings(mesh).map((settings) => ({
    mesh,
    settings,
    meshText: streamOf([meshDocument(mesh)]),
    manifestsText: streamOf(manifestsOf(mesh)),
    intentsText: streamOf(settings),
  })),
);

function streamOf(documents: readonly object[]): string {
  return documents.map((document) => dump(document, { noRefs: true, lineWidth: -1 })).join('---\n');
}
