// Sending the picture. XMLHttpRequest, because fetch can't say how much has been sent.

import { problemText } from './job.ts';
import { text } from './text.ts';

/** The server, or the way to it, refused the picture; the message is for a person. */
export class UploadError extends Error {}

/** What the server answered. */
export interface Sent {
  /** Address of what was made. */
  readonly location: string;
  readonly body: string;
}

/** Sends the form. `progress` gets 0 to 1. */
export function upload(
  action: string,
  form: FormData,
  progress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', action);
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      const location = request.getResponseHeader('location');
      if (request.status === 201 && location !== null) resolve({ location, body: request.responseText });
      else reject(new UploadError(problemText(request.responseText, request.status)));
    });
    request.addEventListener('error', () =>
      reject(new UploadError(text('sending-broke'))),
    );
    request.addEventListener('abort', () => reject(new UploadError(text('sending-stopped'))));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
