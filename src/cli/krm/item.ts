import type { JsonObject } from '../../parse/document.js';

/** One object of a ResourceList, or its functionConfig. */
export interface Item {
  readonly text: string;
  readonly value: JsonObject;
}

/** Where the tool that runs the function keeps an object. */
export interface ItemFile {
  readonly path: string;
  readonly index: number;
}

const localConfig = 'config.kubernetes.io/local-config';
export const pathAnnotation = 'internal.config.kubernetes.io/path';
export const indexAnnotation = 'internal.config.kubernetes.io/index';

/** The same names as they were before functions had a prefix of their own. */
const olderNames: Readonly<Record<string, string>> = {
  [pathAnnotation]: 'config.kubernetes.io/path',
  [indexAnnotation]: 'config.kubernetes.io/index',
};

/** Whether it is for tools alone: whoever applies the list leaves it out. */
export function isLocal(item: Item): boolean {
  const said = annotation(item, localConfig);
  return said !== undefined && said !== 'false';
}

/** Whether it is a document of Ambit's own, in whatever version. */
export function isDocument({ value: { apiVersion } }: Item): boolean {
  return typeof apiVersion === 'string' && apiVersion.startsWith('ambit.dev/');
}

export function kindOf({ value: { kind } }: Item): string {
  return typeof kind === 'string' ? kind : '';
}

/** The file that it lies in, where it is known. */
export function fileOf(item: Item): ItemFile | undefined {
  const [path, index] = [pathAnnotation, indexAnnotation].map(
    (name) => annotation(item, name) ?? annotation(item, olderNames[name] ?? name),
  );
  return path === undefined ? undefined : { path, index: Number(index ?? 0) };
}

/** One object whatever the version of its API group. */
export function keyOf({ apiVersion, kind, metadata }: JsonObject): string {
  const group = typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  const { namespace = 'default', name } = Object(metadata);
  return [group, kind, namespace, name].join('\n');
}

function annotation({ value }: Item, name: string): string | undefined {
  const said: unknown = Object(Object(value.metadata).annotations)[name];
  return typeof said === 'string' ? said : undefined;
}
