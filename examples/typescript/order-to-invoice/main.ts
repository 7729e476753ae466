import { orderToInvoice } from './app';

orderToInvoice().synth();
