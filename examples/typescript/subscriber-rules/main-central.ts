import { centralApp } from './central';

centralApp().synth();
