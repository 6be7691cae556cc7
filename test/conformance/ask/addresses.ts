import { type Words, wordsIn } from './words.js';

/** An IPv4 address of every block that a policy mentions: a judge can send from no other kind. */
export function mentionedAddresses(words: Words): readonly string[] {
  const blocks = wordsIn(words, 'ipBlocks', 'remoteIpBlocks', 'source.ip', 'remote.ip');
  return [...new Set(blocks.flatMap(addressIn))];
}

export function addressIn(block: string): readonly string[] {
  const match = /^(\d+\.\d+\.\d+)\.(\d+)(?:\/(\d+))?$/.exec(block);
  if (match === null) return [];
  const [, network = '', host = '0', length = '32'] = match;
  return [`${network}.${length === '32' ? host : (Number(host) + 9) % 254}`];
}
