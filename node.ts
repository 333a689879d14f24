/** What needs Node: files, hashes, PNG and fonts. */
export * from './src/figures/node.js';
export * from './src/formats/node.js';
