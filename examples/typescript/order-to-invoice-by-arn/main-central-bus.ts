import { centralBusApp } from './central-bus';

centralBusApp().synth();
