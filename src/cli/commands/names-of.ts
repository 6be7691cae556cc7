/** The names of a project that a completion script may ask for. */
export const namesOf = ['namespaces', 'clusters', 'objects', 'callers', 'destinations', 'subjects'] as const;
export type NamesOf = (typeof namesOf)[number];
