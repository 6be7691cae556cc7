import { type Manifest, type Phase, phases } from './manifest.js';

/**
 * Tells Argo CD the order of phases within one application. Labels for an existing Service get none: an annotation
 * would stay on the Service and order it in its owner's application too. Argo CD takes what says nothing to be of wave 0.
 */
export function withSyncWave(manifest: Manifest): Manifest {
  if (manifest.phase === unannotated) return manifest;
  const { object } = manifest;
  const wave = { 'argocd.argoproj.io/sync-wave': String(phases.indexOf(manifest.phase) - phases.indexOf(unannotated)) };
  const metadata = { ...object.metadata, annotations: { ...object.metadata.annotations, ...wave } };
  return { ...manifest, object: { ...object, metadata } };
}

const unannotated: Phase = '30-enrolment';
