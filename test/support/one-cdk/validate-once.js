// The CDK holds the manifest of a cloud assembly against its schema when it writes it and whenever it reads it, a third of
// the time of tests of whole apps. What was found right once in a worker is right again.
const { createHash } = require('node:crypto');
const { Manifest } = require('@aws-cdk/cloud-assembly-schema');

const { validate } = Manifest;
const right = new WeakMap();

Manifest.validate = (manifest, schema, options) => {
  const known = right.get(schema) ?? new Set();
  const content = createHash('sha256').update(JSON.stringify([manifest, options])).digest('base64');
  if (known.has(content)) return;
  validate(manifest, schema, options);
  right.set(schema, known.add(content));
};
