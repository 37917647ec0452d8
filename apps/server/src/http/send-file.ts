import { createReadStream, rmSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/**
 * Streams a file as a download.
 *
 * @param name what the browser calls it; ASCII letters, digits, dots and dashes
 */
export function sendFile(reply: FastifyReply, path: string, type: string, name: string): FastifyReply {
  return sendStream(reply.header('content-length', statSync(path).size), createReadStream(path), type, name);
}

/** Streams text or bytes that are made as they are read. */
export function sendStream(reply: FastifyReply, content: Readable, type: string, name: string): FastifyReply {
  return reply
    .header('content-type', type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(content);
}

/** The same for a file that was made for this answer alone: it is removed when the answer has been sent, or not. */
export function sendAndRemove(reply: FastifyReply, path: string, type: string, name: string): FastifyReply {
  reply.raw.once('close', () => rmSync(path, { force: true }));
  return sendFile(reply, path, type, name);
}

/** A file's name without its ending, in ASCII letters, digits, dots, underscores and dashes: for a file that is made of it. */
export function plainName(filename: string): string {
  const name = filename
    .replace(/\.[A-Za-z0-9]{1,8}(\.gz)?$/, '')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return name === '' ? 'file' : name;
}
