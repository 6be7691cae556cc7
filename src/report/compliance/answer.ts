import type { Control, Evidence, Framework } from '../../parse/framework.js';
import type { Answer, ControlReport, FrameworkReport } from '../mesh/mesh-report.js';
import type { Facts, Found } from './found.js';
import { queries } from './queries.js';

/** What is listed of the evidence for one query; the report itself has all. */
const mostEvidence = 20;

/** Every control of a framework, answered by what the report says. */
export function answerFramework({ name, title, controls }: Framework, facts: Facts): FrameworkReport {
  return { name, title, controls: controls.map((control) => answerControl(control, facts)) };
}

function answerControl({ id, says, evidence }: Control, facts: Facts): ControlReport {
  const answers = evidence.map((each) => answer(each, facts));
  return { id: id.value, says, status: statusOf(answers), answers };
}

function answer({ query, namespaces }: Evidence, facts: Facts): Answer {
  const isMeant = (namespace: string) => namespaces.length === 0 || namespaces.includes(namespace);
  const { status, says, evidence } = notOfNobody(queries[query](facts, isMeant), namespaces, facts);
  return { query, namespaces, status, says, evidence: evidence.slice(0, mostEvidence), count: evidence.length };
}

/** Of workloads that are not there everything holds: it is a namespace that is misspelt, or nothing was given. */
function notOfNobody(found: Found, namespaces: readonly string[], { workloads }: Facts): Found {
  const empty = namespaces.filter((name) => !workloads.some(({ namespace }) => namespace === name));
  if (found.status !== 'holds' || (workloads.length > 0 && empty.length === 0)) return found;
  const where = empty.length === 0 ? '' : ` in namespace ${empty.join(', ')}`;
  return { ...found, status: 'undecided', says: `${found.says}, but there is no workload${where}` };
}

/** A control holds where nothing that is asked for it fails or is open. */
function statusOf(answers: readonly Answer[]): ControlReport['status'] {
  const some = (status: Answer['status']) => answers.some((each) => each.status === status);
  if (answers.length === 0) return 'not-evidenced';
  if (some('fails')) return 'fails';
  if (some('undecided')) return 'undecided';
  return some('holds') ? 'holds' : 'listed';
}
