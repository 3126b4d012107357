/** How long a message may be: in bytes of UTF-8, as the server counts (`text_bytes_max`). */
export const textBytesMax = 16_000;
/** From here on the box tells how much there is. */
export const textBytesTold = 15_000;

const encoder = new TextEncoder();

/** The bytes of a text that comes near the limit; 0 for one that cannot. */
export function bytesNearLimit(text: string): number {
  // A unit of UTF-16 takes at most three bytes.
  if (text.length * 3 < textBytesTold) return 0;
  const bytes = encoder.encode(text).length;
  return bytes < textBytesTold ? 0 : bytes;
}

/** How many characters have to go from the end of a text of so many bytes. */
export function charactersOver(text: string, bytes: number): number {
  let over = 0;
  let left = bytes;
  for (let end = text.length; left > textBytesMax; ++over) {
    const code = text.codePointAt(end - 2) ?? 0;
    const isPair = code > 0xffff;
    left -= isPair ? 4 : bytesOf(text.charCodeAt(end - 1));
    end -= isPair ? 2 : 1;
  }
  return over;
}

const bytesOf = (unit: number): number => (unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3);
