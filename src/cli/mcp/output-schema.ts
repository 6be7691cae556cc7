import { join } from 'node:path';
import type { Host } from '../files/host.js';
import type { Tool } from './tools.js';

/** The JSON Schema of what a tool answers with, in which the published schemas stand whole. */
export function outputSchema({ files, packageDirectory }: Host, { answer }: Tool) {
  const read = (name: string) => {
    const path = join(packageDirectory, 'schemas', `${name}.schema.json`);
    return embedded(new TextDecoder().decode(files.read(path)), name);
  };
  const report = read('report');
  const published = answer === undefined ? undefined : read(answer);
  return {
    type: 'object' as const,
    required: ['exitCode', 'meaning', 'answer', 'reports', 'leftOut'],
    properties: {
      exitCode: { description: 'as the command line exits', type: 'integer' },
      meaning: { description: 'what the exit code means', type: 'string' },
      answer: {
        description: 'JSON as the command prints it, text where it has no JSON, or nothing',
        ...(published && { anyOf: [published.schema, { type: 'null' }] }),
      },
      reports: { description: 'what was said about it', type: 'array', items: report.schema },
      leftOut: {
        description: 'what was too long to be told: the way to a list or a text, and how much of it is here',
        type: 'array',
        items: {
          type: 'object',
          required: ['at', 'shown', 'of'],
          properties: { at: { type: 'string' }, shown: { type: 'integer' }, of: { type: 'integer' } },
        },
      },
    },
    definitions: { ...report.definitions, ...published?.definitions },
  };
}

/** A schema within another: its definitions have names that no other schema has. */
function embedded(text: string, name: string) {
  const own = text.replaceAll('"#/definitions/', `"#/definitions/${name}-`);
  const { $schema, $id, definitions = {}, ...schema } = JSON.parse(own);
  const renamed = Object.entries(definitions).map(([key, value]) => [`${name}-${key}`, value]);
  return { schema, definitions: Object.fromEntries(renamed) };
}
