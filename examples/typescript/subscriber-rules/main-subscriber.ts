import { subscriberApp } from './subscriber';

subscriberApp().synth();
