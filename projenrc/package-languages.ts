import { buildPackage } from './languages/build-packages';
import { languagesFor } from './languages/toolchains';

/** Builds the packages of all languages, or of those in the arguments, whose toolchains are installed. */
for (const language of languagesFor(process.argv.slice(2))) {
  const start = Date.now();
  buildPackage(language);
  console.log(`built ${language} in ${Math.round((Date.now() - start) / 1000)} s`);
}
