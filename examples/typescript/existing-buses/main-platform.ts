import { platformApp } from './platform';

platformApp().synth();
