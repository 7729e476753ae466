// The CDK holds the manifest of a cloud assembly against its schema when it writes it and whenever it reads it, a third of
// the time of tests of whole apps. What was found right once in a worker is right again. In quick runs, so is what the
// CDK writes.
const { createHash } = require('node:crypto');
const { Manifest } = require('@aws-cdk/cloud-assembly-schema');

const { validate, saveManifest } = Manifest;
const isQuick = process.env.RANDOM_CASES === 'few';
let isWriting = false;
const right = new WeakMap();

Manifest.validate = (manifest, schema, options) => {
  const known = right.get(schema) ?? new Set();
  const content = createHash('sha256')
    .update(JSON.stringify([manifest, options]))
    .digest('base64');
  if (known.has(content)) return;
  if (!isQuick || !isWriting) validate(manifest, schema, options);
  right.set(schema, known.add(content));
};

Manifest.saveManifest = (...args) => {
  isWriting = true;
  try {
    saveManifest.call(Manifest, ...args);
  } finally {
    isWriting = false;
  }
};
