import { serviceApp } from './service';

// In the repository of each service, use its name and account.
serviceApp({ name: 'orders', account: '111111111111' }).synth();
