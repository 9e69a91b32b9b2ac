// Files by address: fetched once, inflated here, decoded, and kept while the page lives.

import { decodeOutlines } from "./arcs.js";

const KEPT = 40; // files; the oldest go, so that a long look at many months does not fill the memory
const decoded = new Map();

/** Bytes behind an address, inflated where they are gzip. */
export async function loadBytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} for ${address}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The decoded file behind an address; two callers share one download, and a failed one may be tried again. */
export function loadDecoded(address, decode) {
  if (!decoded.has(address)) {
    const promise = loadBytes(address).then(decode);
    promise.catch(() => decoded.delete(address));
    decoded.set(address, promise);
    if (decoded.size > KEPT) decoded.delete(decoded.keys().next().value);
  }
  return decoded.get(address);
}

export const loadOutlines = (address) => loadDecoded(address, decodeOutlines);
export const fetchNames = (address) => loadDecoded(address, (bytes) => JSON.parse(new TextDecoder().decode(bytes)));
