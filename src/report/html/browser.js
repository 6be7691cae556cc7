// @ts-check
// Draws what is too much to be written out: the graph, the calls, the workloads and the rules. Every text is set as text,
// so that no name can be read as markup.

/** @typedef {import('./page-data.js').PageData} PageData */
/** @typedef {import('./page-data.js').PageAccess} PageAccess */
/** @typedef {{ cluster: string, from: string, to: string, by: string, carries: string, points: readonly string[], access: PageAccess }} Call */
/** @typedef {{ from: string, to: string, verdict: string, plaintext: boolean }} Edge */

const pageSize = 25;
const mostPrinted = 500;
const mostDrawn = 60;

/** @type {PageData} */
const data = JSON.parse(found('report').textContent ?? '{}');
const words = { all: 'anything', some: 'only', none: 'nothing', undecided: 'undecided' };
const encryptions = {
  'mutual-tls': 'mutual TLS',
  tls: 'TLS',
  'client-tls': 'TLS of the client',
  plaintext: 'plaintext',
  unknown: 'not known',
};

/** @param {string} id */
function found(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 */
function drawn(name, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** @param {number} count @param {string} noun */
function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * @param {{ cluster: string, to: string, ways: PageData['workloads'][number]['ways'] }} destination
 * @returns {Call[]}
 */
function callsTo({ cluster, to, ways }) {
  return ways.flatMap(([by, carries, points, access]) =>
    data.access[access].flatMap((each) => {
      if (each.verdict === 'none') return [];
      const at = data.points[points].map((point) => point.name);
      return each.callers.map((from) => ({ cluster, from, to, by, carries, points: at, access: each }));
    }),
  );
}

const calls = [
  ...data.workloads.flatMap(({ cluster, namespace, name, ways }) =>
    callsTo({ cluster, to: `${namespace}/${name}`, ways }),
  ),
  ...data.gateways.flatMap(({ cluster, name, ways }) => callsTo({ cluster, to: name, ways })),
  ...data.hosts.flatMap(({ cluster, name, ways }) => callsTo({ cluster, to: name, ways })),
];
const hosts = new Set(data.hosts.map(({ name }) => name));

/** Names that stand for callers whom nothing tells apart. */
const standIns = new Set([...calls.flatMap(({ from, access }) => (access.kind === 'identity' ? [] : [from]))]);

/** @param {string} name */
function namespaceOf(name) {
  if (hosts.has(name)) return data.outside;
  const slash = name.indexOf('/');
  return slash < 0 ? name : name.slice(0, slash);
}

/**
 * Rows a page at a time, so that ten thousand cost no more than a few.
 * @template T
 * @param {HTMLElement} place
 * @param {string[]} columns
 * @param {(row: T) => (Node | string)[]} cellsOf
 */
function pagedTable(place, columns, cellsOf) {
  /** @type {T[]} */
  let rows = [];
  let shown = 0;
  const body = element('tbody');
  const said = element('p', { class: 'quiet', 'aria-live': 'polite' });
  const printed = element('p', { class: 'printed quiet' });
  const more = element('button', { type: 'button' });
  const head = element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column)));
  place.replaceChildren(
    said,
    element('div', { class: 'table' }, element('table', {}, element('thead', {}, head), body)),
    printed,
    more,
  );
  const show = (/** @type {number} */ upTo) => {
    const next = rows.slice(shown, upTo);
    body.append(
      ...next.map((row) =>
        element('tr', {}, ...cellsOf(row).map((cell, index) => element('td', { 'data-column': columns[index] }, cell))),
      ),
    );
    shown += next.length;
    const rest = rows.length - shown;
    more.hidden = rest === 0;
    more.textContent = `Show ${Math.min(rest, pageSize)} more of ${rest}`;
    printed.textContent = rest === 0 ? '' : `Not printed: ${rest} more. ambit report -o json has all.`;
  };
  more.addEventListener('click', () => show(shown + pageSize));
  addEventListener('beforeprint', () => show(mostPrinted));
  return (/** @type {T[]} */ wanted, /** @type {string} */ noun) => {
    rows = wanted;
    shown = 0;
    body.replaceChildren();
    said.textContent = counted(rows.length, noun);
    show(pageSize);
  };
}

/** @param {PageAccess} access */
function amount({ verdict, through, asks, because }) {
  const list = [...through, ...asks.map((name) => `if ${name} agrees`)];
  const some =
    list.length === 0
      ? ''
      : ` ${list.slice(0, 6).join(' or ')}${list.length > 6 ? ` and ${list.length - 6} more` : ''}`;
  const why = because === null ? '' : `: ${because}`;
  const tone = verdict === 'undecided' ? 'open' : verdict === 'none' ? 'quiet' : '';
  return element('span', {}, element('span', { class: `status ${tone}` }, words[verdict]), `${some}${why}`);
}

/** @param {PageAccess} access */
function carrier({ encryption, needsToken }) {
  const tone = encryption === 'plaintext' ? 'bad' : encryption === 'unknown' ? 'open' : 'quiet';
  const token = needsToken ? ', with a valid token' : '';
  return element('span', { class: `status ${tone}` }, `${encryptions[encryption]}${token}`);
}

/** @param {readonly string[]} ids */
function ruleLinks(ids) {
  if (ids.length === 0) return element('span', { class: 'quiet' }, 'no rule');
  return element(
    'span',
    {},
    ...ids.flatMap((id, index) => {
      const rule = data.rules.find((each) => each.id === id);
      const place = rule === undefined ? '' : ` ${rule.file}:${rule.line}`;
      return [...(index > 0 ? [element('br')] : []), element('code', {}, id), place];
    }),
  );
}

function showCalls() {
  const form = /** @type {HTMLFormElement} */ (found('search'));
  const caller = /** @type {HTMLInputElement} */ (found('caller'));
  const called = /** @type {HTMLInputElement} */ (found('called'));
  const only = /** @type {HTMLSelectElement} */ (found('only'));
  /** @type {Record<string, (call: Call) => boolean>} */
  const filters = {
    all: () => true,
    undecided: ({ access }) => access.verdict === 'undecided' || access.encryption === 'unknown',
    plaintext: ({ access }) => access.encryption === 'plaintext',
    unsaid: ({ access }) => access.rules.length === 0,
    outside: ({ access }) => access.kind === 'outside',
    out: ({ to }) => hosts.has(to),
  };
  const fill = pagedTable(
    found('calls'),
    ['Caller', 'May call', 'By', 'What', 'Comes by', 'Enforced at', 'Rule'],
    (/** @type {Call} */ { cluster, from, to, by, carries, points, access }) => [
      from,
      to,
      `${by}, ${carries}${data.clusters > 1 ? `, in ${cluster}` : ''}`,
      amount(access),
      carrier(access),
      points.join(' and ') || element('span', { class: 'status bad' }, 'nowhere'),
      ruleLinks(access.rules),
    ],
  );
  const search = () => {
    const [from, to] = [caller, called].map(({ value }) => value.trim().toLowerCase());
    const has = (/** @type {string} */ text, /** @type {string} */ part) => text.toLowerCase().includes(part);
    fill(
      calls.filter((call) => has(call.from, from) && has(`${call.to} ${call.by}`, to) && filters[only.value](call)),
      'call',
    );
  };
  form.addEventListener('input', search);
  form.addEventListener('submit', (event) => event.preventDefault());
  search();
}

/** @param {Edge[]} edges */
function joinedEdges(edges) {
  const order = ['all', 'some', 'undecided'];
  /** @type {Map<string, Edge>} */
  const byEnds = new Map();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to]);
    const known = byEnds.get(key);
    const isWider = known === undefined || order.indexOf(edge.verdict) < order.indexOf(known.verdict);
    byEnds.set(key, {
      ...(isWider ? edge : known),
      plaintext: edge.plaintext || known?.plaintext === true,
    });
  }
  return [...byEnds.values()];
}

/** @returns {Edge[]} */
function allEdges() {
  const between = calls.map(({ from, to, access }) => ({
    from,
    to,
    verdict: access.verdict,
    plaintext: access.encryption === 'plaintext',
  }));
  const led = data.entries.flatMap(({ gateway, pods, access }) =>
    access.flatMap(({ verdict }) => {
      if (verdict === 'none') return [];
      return pods.map((pod) => ({ from: gateway, to: pod.replace(/:\d+$/, ''), verdict, plaintext: false }));
    }),
  );
  return joinedEdges([...between, ...led]);
}

/**
 * The layer of each node: behind all that lead to it, but for arrows that lead back.
 * @param {string[]} nodes
 * @param {Edge[]} edges
 */
function layersOf(nodes, edges) {
  /** @type {Map<string, string[]>} */
  const after = new Map(nodes.map((node) => [node, []]));
  for (const { from, to } of edges) if (from !== to) after.get(from)?.push(to);
  /** @type {Map<string, number>} */
  const layer = new Map(nodes.map((node) => [node, 0]));
  const done = new Set();
  const open = new Set();
  /** @type {string[]} */
  const sorted = [];
  const back = new Set();
  const visit = (/** @type {string} */ node) => {
    open.add(node);
    for (const next of after.get(node) ?? []) {
      if (open.has(next)) back.add(JSON.stringify([node, next]));
      else if (!done.has(next)) visit(next);
    }
    open.delete(node);
    done.add(node);
    sorted.unshift(node);
  };
  const called = new Set(edges.map(({ to }) => to));
  for (const node of [...nodes.filter((each) => !called.has(each)), ...nodes]) if (!done.has(node)) visit(node);
  for (const node of sorted) {
    for (const next of after.get(node) ?? []) {
      if (back.has(JSON.stringify([node, next]))) continue;
      layer.set(next, Math.max(layer.get(next) ?? 0, (layer.get(node) ?? 0) + 1));
    }
  }
  /** @type {string[][]} */
  const layers = [];
  for (const node of nodes) {
    const index = layer.get(node) ?? 0;
    layers[index] = [...(layers[index] ?? []), node];
  }
  return layers.filter((each) => each !== undefined);
}

/**
 * Neighbours come to lie side by side: each node goes to the middle of those that lead to it, and then of those it leads to.
 * @param {string[][]} layers
 * @param {Edge[]} edges
 */
function ordered(layers, edges) {
  const place = new Map(layers.flatMap((layer) => layer.map((node, index) => [node, index])));
  const middle = (/** @type {string} */ node, /** @type {boolean} */ isForward) => {
    const near = edges.filter(({ from, to }) => from !== to && (isForward ? to === node : from === node));
    if (near.length === 0) return place.get(node) ?? 0;
    return near.reduce((sum, { from, to }) => sum + (place.get(isForward ? from : to) ?? 0), 0) / near.length;
  };
  for (let turn = 0; turn < 6; turn++) {
    for (const layer of turn % 2 === 0 ? layers : [...layers].reverse()) {
      const middles = new Map(layer.map((node) => [node, middle(node, turn % 2 === 0)]));
      layer.sort((left, right) => (middles.get(left) ?? 0) - (middles.get(right) ?? 0));
      layer.forEach((node, index) => {
        place.set(node, index);
      });
    }
  }
  return layers;
}

/**
 * A long arrow bends once in each layer that it crosses, where a place is kept free for it.
 * @param {string[][]} layers
 * @param {Edge[]} edges
 */
function withBends(layers, edges) {
  const level = new Map(layers.flatMap((layer, index) => layer.map((node) => [node, index])));
  /** @type {Map<Edge, string[]>} */
  const bends = new Map();
  for (const [number, edge] of edges.entries()) {
    const [start, end] = [level.get(edge.from) ?? 0, level.get(edge.to) ?? 0];
    const via = [];
    for (let index = start + 1; index < end; index++) {
      const bend = `\n${number} ${index}`;
      layers[index].push(bend);
      via.push(bend);
    }
    bends.set(edge, via);
  }
  const parts = edges.flatMap((edge) => {
    const stops = [edge.from, ...(bends.get(edge) ?? []), edge.to];
    return stops.slice(1).map((to, index) => ({ ...edge, from: stops[index], to }));
  });
  return { bends, layers: ordered(layers, parts) };
}

const size = { width: 190, height: 34, gapX: 64, gapY: 18, margin: 16 };

/** The letters that a box has room for, and what an arrow takes that leads back to the left. */
const mostLetters = 26;
const loop = 40;

/**
 * @param {Edge[]} edges
 * @param {{ title: string, centre?: string, onChoose?: (node: string) => void }} options
 */
function drawing(edges, { title, centre, onChoose }) {
  const nodes = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const { layers, bends } = withBends(layersOf(nodes, edges), edges);
  const tallest = Math.max(1, ...layers.map((layer) => layer.length));
  const at = new Map(
    layers.flatMap((layer, column) =>
      layer.map((node, row) => {
        const offset = ((tallest - layer.length) * (size.height + size.gapY)) / 2;
        return [
          node,
          {
            x: size.margin + column * (size.width + size.gapX),
            y: size.margin + offset + row * (size.height + size.gapY),
          },
        ];
      }),
    ),
  );
  const width = size.margin * 2 + layers.length * (size.width + size.gapX) - size.gapX + loop;
  const height = size.margin * 2 + tallest * (size.height + size.gapY) - size.gapY;
  const head = drawn(
    'marker',
    { id: 'head', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' },
    drawn('path', { d: 'M0 0L8 4L0 8z', class: 'head' }),
  );
  const svg = drawn(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': title },
    drawn('defs', {}, head),
  );
  for (const edge of edges) {
    const { from, to, verdict, plaintext } = edge;
    const stops = [from, ...(bends.get(edge) ?? []), to].flatMap((stop) => at.get(stop) ?? []);
    const says = `${from} may call ${to}: ${words[/** @type {keyof typeof words} */ (verdict)]}${verdict === 'some' ? ' some requests' : ''}${plaintext ? ', in plaintext too' : ''}`;
    svg.append(
      drawn(
        'path',
        { d: curve(stops), class: `${verdict}${plaintext ? ' plaintext' : ''}`, 'marker-end': 'url(#head)' },
        drawn('title', {}, says),
      ),
    );
  }
  for (const [node, { x, y }] of at) {
    if (node.startsWith('\n')) continue;
    const isChosen = onChoose !== undefined && data.namespaces.includes(node);
    const kind = `${node === centre ? 'centre' : ''} ${standIns.has(node) ? 'many' : ''}`;
    const shown = node.length > mostLetters ? `${node.slice(0, mostLetters - 1)}…` : node;
    const box = drawn(
      'g',
      {
        class: kind.trim(),
        transform: `translate(${x} ${y})`,
        ...(isChosen ? { role: 'button', tabindex: 0, 'aria-label': `show namespace ${node}` } : {}),
      },
      drawn('title', {}, node),
      drawn('rect', { width: size.width, height: size.height, rx: 4 }),
      drawn('text', { x: 9, y: 22 }, shown),
    );
    if (isChosen) {
      box.addEventListener('click', () => onChoose(node));
      box.addEventListener('keydown', (event) => {
        if (!(event instanceof KeyboardEvent) || (event.key !== 'Enter' && event.key !== ' ')) return;
        event.preventDefault();
        onChoose(node);
      });
    }
    svg.append(box);
  }
  return svg;
}

/** @param {{ x: number, y: number }[]} stops */
function curve(stops) {
  const [start, ...others] = stops;
  const middle = size.height / 2;
  const isBack = others[others.length - 1].x <= start.x;
  let [x, y] = [start.x + size.width, start.y + middle];
  if (isBack) {
    const [end] = others;
    const below = Math.max(start.y, end.y) + size.height + 14;
    const half = (x + end.x) / 2;
    return `M${x} ${y}C${x + 50} ${y} ${x + 50} ${below} ${half} ${below}S${end.x - 50} ${end.y + middle} ${end.x} ${end.y + middle}`;
  }
  let path = `M${x} ${y}`;
  for (const stop of others) {
    const bend = (stop.x - x) / 2;
    path += `C${x + bend} ${y} ${stop.x - bend} ${stop.y + middle} ${stop.x} ${stop.y + middle}`;
    [x, y] = [stop.x, stop.y + middle];
    if (stop === others[others.length - 1]) break;
    x += size.width;
    path += `L${x} ${y}`;
  }
  return path;
}

function showGraph() {
  const edges = allEdges();
  const place = found('graph');
  const said = found('graph-says');
  const choice = /** @type {HTMLSelectElement} */ (found('graph-namespace'));
  const byNamespace = joinedEdges(
    edges.map(({ from, to, ...edge }) => ({ ...edge, from: namespaceOf(from), to: namespaceOf(to) })),
  );
  const isTooMany = data.namespaces.length > mostDrawn;
  choice.append(
    ...(isTooMany ? [] : [element('option', { value: '' }, 'all namespaces')]),
    ...data.namespaces.map((name) => element('option', { value: name }, name)),
  );
  const show = () => {
    const name = choice.value;
    if (name === '') {
      said.textContent =
        'Each box is a namespace, or callers that no rule tells apart. Choose a namespace to see its workloads.';
      place.replaceChildren(drawing(byNamespace, { title: 'calls between namespaces', onChoose: choose }));
      return;
    }
    const near = edges.filter(({ from, to }) => namespaceOf(from) === name || namespaceOf(to) === name);
    const inside = joinedEdges(
      near.map(({ from, to, ...edge }) => ({
        ...edge,
        from: namespaceOf(from) === name ? from : namespaceOf(from),
        to: namespaceOf(to) === name ? to : namespaceOf(to),
      })),
    );
    const kept = inside.slice(0, mostDrawn * 3);
    const left = inside.length - kept.length;
    said.textContent =
      `Workloads of namespace ${name}, with whoever calls them and whom they call` +
      (left > 0 ? `; ${left} more calls are in the table below.` : '.') +
      (inside.length === 0 ? ' Nobody may call it, and it may call nobody.' : '');
    place.replaceChildren(
      ...(inside.length === 0 ? [] : [drawing(kept, { title: `calls of namespace ${name}`, onChoose: choose })]),
    );
  };
  const choose = (/** @type {string} */ name) => {
    choice.value = name;
    show();
    choice.focus();
  };
  choice.addEventListener('change', show);
  show();
}

/** @param {PageData['workloads'][number]} workload */
function workloadCard({ cluster, name, plane, because, services, ways }) {
  const head = element(
    'summary',
    {},
    element('strong', {}, name),
    element(
      'span',
      { class: 'quiet' },
      ` in ${cluster}, ${plane}${services.length === 0 ? '' : `, behind ${services.join(', ')}`}`,
    ),
  );
  const card = element('details', {}, head);
  card.addEventListener('toggle', () => {
    if (card.childElementCount > 1) return;
    const table = element('div');
    card.append(element('p', { class: 'quiet' }, because), table);
    const rows = ways.flatMap((way) => {
      const own = data.access[way[3]];
      return (own.length === 0 ? [undefined] : own).map((access) => ({ way, access }));
    });
    const fill = pagedTable(
      table,
      ['Way in', 'Enforced at', 'Who', 'What', 'Comes by', 'Rule'],
      ({ way: [by, carries, points], access }) => [
        `${by}, ${carries}`,
        element(
          'span',
          {},
          ...data.points[points].flatMap(({ name: point, policies }) => [
            element('span', { title: policies.join('\n') }, point),
            element('br'),
          ]),
        ),
        access === undefined
          ? element('span', { class: 'quiet' }, 'nobody')
          : access.who + (access.nobodyYet ? ' (nobody runs as it)' : ''),
        access === undefined ? '' : amount(access),
        access === undefined ? '' : carrier(access),
        access === undefined ? '' : ruleLinks(access.rules),
      ],
    );
    fill(rows, 'row');
  });
  return card;
}

function showNamespaces() {
  const place = found('namespaces');
  place.append(
    ...data.namespaces.map((name) => {
      const own = data.workloads.filter(({ namespace }) => namespace === name);
      const section = element(
        'details',
        {},
        element(
          'summary',
          {},
          element('strong', {}, name),
          element('span', { class: 'quiet' }, `, ${counted(own.length, 'workload')}`),
        ),
      );
      section.addEventListener('toggle', () => {
        if (section.childElementCount === 1) section.append(...own.map(workloadCard));
      });
      return section;
    }),
  );
}

function showRules() {
  const form = /** @type {HTMLFormElement} */ (found('rule-search'));
  const text = /** @type {HTMLInputElement} */ (found('rule-text'));
  const untested = /** @type {HTMLSelectElement} */ (found('rule-only'));
  const fill = pagedTable(
    found('rules'),
    ['Rule', 'Says', 'Owner', 'Enforced by', 'Tests'],
    (/** @type {PageData['rules'][number]} */ rule) => [
      element(
        'span',
        {},
        element('code', {}, rule.id),
        element('br'),
        element('span', { class: 'quiet' }, `${rule.file}:${rule.line}`),
      ),
      rule.reason === null ? rule.says : `${rule.says}. Reason: ${rule.reason}`,
      rule.owner ?? element('span', { class: 'quiet' }, 'none named'),
      rule.enforcedBy.length === 0
        ? element('span', { class: 'quiet' }, 'no policy of its own')
        : element(
            'span',
            {},
            ...rule.enforcedBy
              .slice(0, 4)
              .flatMap(({ object, cluster, purpose }) => [
                element('span', { title: purpose }, `${object} in ${cluster}`),
                element('br'),
              ]),
            rule.enforcedBy.length > 4 ? `and ${rule.enforcedBy.length - 4} more` : '',
          ),
      rule.tests.length === 0 ? element('span', { class: 'status open' }, 'none') : rule.tests.join(', '),
    ],
  );
  const search = () => {
    const part = text.value.trim().toLowerCase();
    const isMeant = (/** @type {PageData['rules'][number]} */ { tests, effect }) =>
      untested.value === 'all' || (tests.length === 0 && ['allow', 'deny', 'ask'].includes(effect));
    fill(
      data.rules.filter(
        (rule) => isMeant(rule) && `${rule.id} ${rule.says} ${rule.owner ?? ''}`.toLowerCase().includes(part),
      ),
      'rule',
    );
  };
  form.addEventListener('input', search);
  form.addEventListener('submit', (event) => event.preventDefault());
  search();
}

showGraph();
showCalls();
showNamespaces();
showRules();
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('#compliance details')) details.setAttribute('open', '');
});
