import { hubApp } from './hub';

hubApp().synth();
