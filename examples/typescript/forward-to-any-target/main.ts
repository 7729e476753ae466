import { forwardToAnyTarget } from './app';

forwardToAnyTarget().synth();
