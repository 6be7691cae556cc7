export { writeValidators as setup } from '../../.ci/build/validators.mjs';
