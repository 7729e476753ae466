import { deliveryPipeline } from './app';

deliveryPipeline().synth();
