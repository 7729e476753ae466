import { backboneApp } from './backbone';

backboneApp().synth();
