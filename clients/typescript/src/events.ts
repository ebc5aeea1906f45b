// Server-sent events of a reply, as the HTML standard has them. `EventSource` itself sends no key.

/** The server says at least every 15 seconds that it is there. */
const SILENCE_MS = 60_000;

export interface ServerEvent {
  id: string;
  data: string;
}

/** Each event as it arrives. Fails where the connection does, or is silent. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let [text, id, data] = ['', '', ''];
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read());
      if (done) return;
      const lines = (text + decoder.decode(value, { stream: true })).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const [, field, content] = /^(\w*):? ?(.*?)\r?$/.exec(line) ?? [];
        if (field === 'id') id = content ?? '';
        if (field === 'data') data += `${content}\n`;
        if (line.trim() === '' && data) {
          yield { id, data };
          data = '';
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function inTime<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('silence')), SILENCE_MS);
  });
  try {
    return await Promise.race([reading, silence]);
  } finally {
    clearTimeout(timer);
  }
}
