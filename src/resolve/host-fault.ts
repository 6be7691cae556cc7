import { starFault, type TextFault, withProposal } from './text-fault.js';

/** A host pattern that some Host header has: Istio compares hosts without their port. What is proposed has no fault itself. */
export function hostFault(host: string): TextFault | undefined {
  return withProposal(faultOf(host), faultOf);
}

function faultOf(host: string): TextFault | undefined {
  if (host === '*') return { fault: 'a lone star says nothing', help: 'leave it out to mean any' };
  if (/:\d*$/.test(host))
    return { fault: 'a host matches with every port', help: forms, meant: host.replace(/:\d*$/, '') };
  const star = starFault(host, 'leave the star at one end');
  if (star) return star;
  if (!/^\*?[A-Za-z0-9._-]+\*?$/.test(host)) {
    const bare = /^[a-z]+:\/\/([A-Za-z0-9.-]+)/.exec(host)?.[1];
    return {
      fault: 'it has characters that no host name has',
      help: forms,
      ...(bare !== undefined && { meant: bare }),
    };
  }
  return /^\.|\.\.|\.$/.test(host) ? emptyLabel(host) : undefined;
}

const forms = 'write a host name, `*.suffix` or `prefix*`';

/** `.example.com` is how cookies write a domain with all below it; `example.com.` is how DNS writes a whole name. */
function emptyLabel(host: string): TextFault {
  const meant = host.startsWith('.') ? `*${host}` : host.replace(/\.$/, '');
  return { fault: 'it has a label without a character', help: forms, meant };
}
