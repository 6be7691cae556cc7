import type { PolicyForms } from '../../mesh/policies/policy-forms.js';

/**
 * What a policy would change if it were in force. An AUDIT changes no answer: what it would record is what it would
 * refuse if it were a denial.
 */
export function asDecision(forms: PolicyForms): PolicyForms {
  if (forms.http.action !== 'AUDIT') return forms;
  return { ...forms, http: { ...forms.http, action: 'DENY' }, tcp: { ...forms.tcp, action: 'DENY' } };
}
