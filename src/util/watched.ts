/** What was asked of something, and what the answer was. It is data, and keeps nobody who was asked in memory. */
export interface Question {
  /** The properties that lead to what was asked. */
  readonly path: readonly string[];
  /** What was done with it: read, called, looked up in, or gone through. */
  readonly how: 'read' | 'call' | 'get' | 'has' | 'all';
  readonly given: readonly unknown[];
  readonly answer: unknown;
}

/**
 * Something that answers as it always does and writes down each question: a property by its value, a function by what it
 * returns, and a map or set by the keys that are looked up, or as a whole where somebody goes through it. What lies below the
 * properties that are `opened` is watched as well.
 */
export function watched<T extends object>(asked: T, opened: readonly string[], note: (each: Question) => void): T {
  return watchedAt(asked, asked, [], opened, note);
}

function watchedAt<T extends object>(
  root: object,
  part: T,
  path: readonly string[],
  opened: readonly string[],
  note: (each: Question) => void,
): T {
  return new Proxy(part, {
    get: (_, name) => {
      const below = [...path, String(name)];
      const put = (how: Question['how'], ...given: readonly unknown[]) => {
        const answer = answerTo({ path: below, how, given }, root);
        note({ path: below, how, given, answer });
        return answer;
      };
      const value = valueAt(root, below);
      if (typeof value === 'function') return (...given: readonly unknown[]) => put('call', ...given);
      if (value instanceof Map || value instanceof Set) return watchedLookup(value, put);
      if (opened.includes(String(name))) return watchedAt(root, Object(value), below, opened, note);
      return put('read');
    },
  });
}

type Lookup = ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>;

function watchedLookup(whole: Lookup, put: (how: Question['how'], ...given: readonly unknown[]) => unknown): Lookup {
  return new Proxy(whole, {
    get: (_, name) => {
      if (name === 'get' || name === 'has') return (key: unknown) => put(name, key);
      put('all');
      const value: unknown = Reflect.get(whole, name);
      return typeof value === 'function' ? value.bind(whole) : value;
    },
  });
}

/** Whether the same was asked twice; who answers says the same both times. */
export function isSameQuestion(left: Question, right: Question): boolean {
  return left.how === right.how && isSameAnswer(left.path, right.path) && isSameAnswer(left.given, right.given);
}

/** Whether every question has the same answer: lists by the very same things in them, anything else by identity. */
export function areAnsweredAlike(questions: readonly Question[], asked: object): boolean {
  return questions.every((question) => isSameAnswer(question.answer, answerTo(question, asked)));
}

function answerTo({ path, how, given }: Omit<Question, 'answer'>, asked: object): unknown {
  const value = valueAt(asked, path);
  if (how === 'read') return value;
  if (how === 'call') return (value as (...given: readonly unknown[]) => unknown)(...given);
  if (how === 'all') return [...(value as Lookup)];
  return how === 'has' ? (value as Lookup).has(given[0]) : (value as ReadonlyMap<unknown, unknown>).get(given[0]);
}

function valueAt(asked: object, path: readonly string[]): unknown {
  let value: unknown = asked;
  for (const name of path) value = Reflect.get(Object(value), name);
  return value;
}

function isSameAnswer(before: unknown, now: unknown): boolean {
  if (Object.is(before, now)) return true;
  if (!Array.isArray(before) || !Array.isArray(now) || before.length !== now.length) return false;
  return before.every((each, index) => isSameAnswer(each, now[index]));
}
