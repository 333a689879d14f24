/** Savart for Node, browsers and workers: the engine without files, ports or the DOM. */
export * from './inversion/index.js';
export * from './src/index.js';
