import { main, read } from './commands';
import { compareWithLastRelease } from './compare';

// `npm run compat -- VERSION`: the version is that of package.json if it is left out.
main(() => compareWithLastRelease(process.argv[2] ?? JSON.parse(read('package.json')).version));
