// Stands where three.js has its meshopt decoder, see vite.config.ts.
export const MeshoptDecoder = { supported: false, ready: Promise.resolve() };
