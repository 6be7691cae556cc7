import { diagnostic } from '../../diagnostics/create.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { sortBy } from '../../util/order.js';
import { type Cursor, cursorAt } from '../cursor.js';
import type { Document } from '../document.js';
import type { RateLimitService } from '../mesh.js';
import { textIn } from '../parse-istio.js';

/** The rate limit services of a Mesh document, defaults filled in. */
export function readRateLimitServices(spec: Cursor): readonly RateLimitService[] {
  const services = spec.optional('rateLimitServices', (list) => list.items().map(readService)) ?? [];
  return sortBy(services, ({ name }) => name);
}

function readService(node: Cursor): RateLimitService {
  const { value: name, span } = node.field('name').text();
  return {
    name,
    service: node.field('service').text().value,
    port: node.field('port').value as string | number,
    domain: textIn(node, 'domain') ?? name,
    timeout: textIn(node, 'timeout'),
    onFailure: node.field('onFailure').text().value as RateLimitService['onFailure'],
    span,
  };
}

/** Of two with one name a limit would mean the first, and limits of two in one domain would be one another’s. */
export function checkRateLimitServices(document: Document): Diagnostic[] {
  const spec = cursorAt(document, []).field('spec');
  const services = spec.optional('rateLimitServices', (list) => list.items().map(readService)) ?? [];
  return services.flatMap((service, index) => {
    const earlier = services.slice(0, index).find((each) => isSame(each, service));
    if (earlier === undefined) return [];
    const what = earlier.name === service.name ? `name \`${service.name}\`` : `domain \`${service.domain}\``;
    const notes = [{ message: 'the first is here', span: earlier.span }];
    return [diagnostic('duplicate-rate-limit-service', { what }, service.span, { notes })];
  });
}

function isSame(left: RateLimitService, right: RateLimitService): boolean {
  return left.name === right.name || (left.service === right.service && left.domain === right.domain);
}
