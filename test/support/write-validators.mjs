export { writeValidators as setup } from '../../build/validators.mjs';
