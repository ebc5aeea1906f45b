export { Client, type Waiting } from './client.js';
export { Ai3dgenError, ApiError, NoModel, Unreachable } from './errors.js';
export { Model, type Format } from './model.js';
export type { Batch, BatchOptions, Job, JobPage, Options, Picture, Problem, Receipt, Tool, ToolOptions } from './types.js';
