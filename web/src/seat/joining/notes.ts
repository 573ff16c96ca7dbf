/** A sound file made on the spot: two soft notes, a second and a half. */

const RATE = 16_000;
const NOTE_S = 0.7;
const HERTZ = [523.25, 659.25];
const LOUDNESS = 0.35;
const HEAD = 44;

/** RIFF/WAVE, one channel, 16 bits. */
export function notes(): ArrayBuffer {
  const each = Math.round(RATE * NOTE_S);
  const bytes = 2 * each * HERTZ.length;
  const file = new DataView(new ArrayBuffer(HEAD + bytes));
  const word = (at: number, text: string) => {
    for (const [n, letter] of [...text].entries()) file.setUint8(at + n, letter.charCodeAt(0));
  };
  word(0, "RIFF");
  file.setUint32(4, HEAD - 8 + bytes, true);
  word(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, RATE, true);
  file.setUint32(28, RATE * 2, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  word(36, "data");
  file.setUint32(40, bytes, true);
  HERTZ.forEach((hertz, note) => {
    for (let n = 0; n < each; n++) {
      // Swelling and fading: a hard edge would click.
      const swell = Math.sin((Math.PI * n) / each);
      const value = LOUDNESS * swell * Math.sin((2 * Math.PI * hertz * n) / RATE);
      file.setInt16(HEAD + 2 * (note * each + n), Math.round(value * 32_767), true);
    }
  });
  return file.buffer as ArrayBuffer;
}
