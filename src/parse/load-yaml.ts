import { type EventType, type LoadOptions, load, type State, YAMLException } from 'js-yaml';
import { becomingText } from './becomes-text.js';
import { goYamlSchema } from './go-yaml-schema.js';

/** How deep values may be nested, so that whoever walks them may recurse. */
export const maximumDepth = 100;

/** How many values the aliases and merge keys of one document may expand to. */
export const maximumNodes = 1_000_000;

/** What became of a text: its value, or why and where reading stopped. */
export type Loaded =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'failure'; readonly reason: string; readonly position: number };

/** Called when a node begins (`open`) and when it has been read (`close`). */
export type NodeListener = (event: EventType, state: State) => void;

/** Reads the text of one document. A repeated key is a failure, or else its last value counts, as for kubectl. */
export function loadYaml(text: string, repeatedKeys: 'refused' | 'last', listener?: NodeListener): Loaded {
  const options: LoadOptions & { readonly maxDepth: number; readonly maxTotalMergeKeys: number } = {
    schema: goYamlSchema,
    json: repeatedKeys === 'last',
    maxDepth: maximumDepth,
    maxTotalMergeKeys: maximumNodes,
    ...(listener && { listener }),
  };
  try {
    return { kind: 'value', value: becomingText(load(text, options), text) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { kind: 'failure', reason: error.reason, position: Math.min(error.mark.position, text.length) };
  }
}
