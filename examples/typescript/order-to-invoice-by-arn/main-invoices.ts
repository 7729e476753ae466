import { invoicesApp } from './invoices';

invoicesApp().synth();
