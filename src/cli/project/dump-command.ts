import { dumpedKinds } from '../../changes/dumped-kinds.js';

/** The command whose output is a dump: every kind that has a say in what becomes of requests. */
export const dumpCommand = `kubectl get -A -o yaml ${dumpedKinds.map(({ resource }) => resource).join()}`;
