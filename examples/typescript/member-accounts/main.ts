import { memberAccounts } from './app';

memberAccounts().synth();
