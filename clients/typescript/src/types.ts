// Names for what a person meets of the OpenAPI text's types.

import type { components, operations } from './openapi.js';

export type Job = components['schemas']['Job'];
export type Problem = components['schemas']['Problem'];
export type JobPage = operations['listJobs']['responses'][200]['content']['application/json'];

/** A job for each picture, or why there is none, in their order. */
export type Batch = operations['createBatch']['responses'][201]['content']['application/json'];

type Fields = operations['createJob']['requestBody']['content']['application/json'];

/** Bytes, such as a `File` that somebody chose, or an http address that the server fetches. */
export type Picture = Blob | string;

/** How a model is made; the object's other sides are pictures, too. */
export type Options = Partial<Omit<Fields, 'image' | 'left' | 'back' | 'right'>> & {
  left?: Picture;
  back?: Picture;
  right?: Picture;
};

/** How all models of a batch are made. */
export type BatchOptions = Partial<Omit<operations['createBatch']['requestBody']['content']['application/json'], 'images'>>;

interface ToolFields {
  matte: operations['removeBackground']['requestBody']['content'];
  edit: operations['editPicture']['requestBody']['content'];
  erase: operations['eraseObject']['requestBody']['content'];
}

export type Tool = keyof ToolFields;

/** What is asked of an image tool; its masks and its background are pictures, too. */
export type ToolOptions<T extends Tool> = {
  [Name in keyof Omit<ToolFields[T]['application/json'], 'image'>]: Name extends 'mask' | 'keep' | 'remove' | 'background'
    ? Picture
    : ToolFields[T]['application/json'][Name];
};

/** A signed proof that one object was destroyed; `ai3dgen receipts verify` checks it. */
export interface Receipt {
  receipt: string;
  object: string;
  kind: string;
  created_ms: number;
  deleted_at_ms: number;
  reason: string;
  key_destroyed: boolean;
  installation: string;
  signature: string;
}
