import { existingBuses } from './one-app';

existingBuses().synth();
