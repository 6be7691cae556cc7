import type { ManifestObject, Path } from '../parse/document.js';
import { ownValue } from '../util/own-value.js';
import { itemsAt, labelsAt, type Report, textAt, textsAt } from './fields.js';
import { type LabelSelector, type Labels, selects } from './model.js';

type Expression = LabelSelector['matchExpressions'][number];

const operators: readonly Expression['operator'][] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Kubernetes' rule: every pair and every expression must hold; an empty selector selects everything. */
export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return (
    selects(selector.matchLabels, labels) &&
    selector.matchExpressions.every((expression) => holds(expression, ownValue(labels, expression.key)))
  );
}

/** Reads a Kubernetes label selector; an expression without key or with an unknown operator says nothing. */
export function readSelector(object: ManifestObject, path: Path, report: Report): LabelSelector {
  return {
    matchLabels: labelsAt(object, [...path, 'matchLabels'], report),
    matchExpressions: itemsAt(object, [...path, 'matchExpressions'], report).flatMap((item) => {
      const key = textAt(object, [...item, 'key'], report);
      const written = textAt(object, [...item, 'operator'], report);
      const operator = operators.find((known) => known === written);
      const values = textsAt(object, [...item, 'values'], report);
      return key === undefined || operator === undefined ? [] : [{ key, operator, values }];
    }),
  };
}

function holds({ operator, values }: Expression, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
