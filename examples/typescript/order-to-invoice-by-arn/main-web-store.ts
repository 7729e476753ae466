import { webStoreApp } from './web-store';

webStoreApp().synth();
