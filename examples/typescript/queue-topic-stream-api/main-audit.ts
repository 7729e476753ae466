import { auditApp } from './audit';

auditApp().synth();
