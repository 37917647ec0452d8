export interface ServerSentEvent {
  readonly type: string;
  readonly data: string;
}

/**
 * Reads a stream of text/event-stream piece by piece: feed it what arrived, and it returns the events that are
 * complete by now. (WHATWG HTML, section 9.2.6; ids and retry times are not used here.)
 */
export function createEventReader(): (chunk: string) => ServerSentEvent[] {
  let pending = '';
  return (chunk) => {
    pending = (pending + chunk).replace(/\r\n?/g, '\n');
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      let type = 'message';
      const data: string[] = [];
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'event') type = value;
        else if (field === 'data') data.push(value);
      }
      return data.length > 0 ? [{ type, data: data.join('\n') }] : [];
    });
  };
}
