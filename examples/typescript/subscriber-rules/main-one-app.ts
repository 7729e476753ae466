import { subscriberRules } from './one-app';

subscriberRules().synth();
