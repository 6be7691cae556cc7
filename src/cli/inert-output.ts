import { pictureOf } from '../report/display-width.js';
import type { Host, OutputStream } from './files/host.js';

/**
 * A host whose streams nobody's text can steer: whatever a name, a path or a value holds, a control character is drawn
 * as its picture. Line feeds, tabs and the colours that reports are painted with pass.
 */
export function withInertOutput(host: Host): Host {
  return { ...host, output: inert(host.output), messages: inert(host.messages) };
}

function inert(stream: OutputStream): OutputStream {
  return { ...stream, write: (text) => stream.write(text.replace(steering, draw)) };
}

const escapeCharacter = String.fromCodePoint(0x1b);
const steering = new RegExp(`${escapeCharacter}\\[(?:[12]|22|3[0-79]|9[0-7])m|(?![\\n\\t])\\p{Cc}`, 'gu');

function draw(found: string): string {
  return found.length > 1 ? found : pictureOf(found);
}
