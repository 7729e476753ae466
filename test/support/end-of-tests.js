// Removes the folder that temporary-folder.js made.
module.exports = () => globalThis[Symbol.for('end of tests')]();
