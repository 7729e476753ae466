import { eventBackbone } from './app';

eventBackbone().synth();
