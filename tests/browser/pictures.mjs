// Pictures made on the spot, so that every pixel of a test's input is in its text.
import { encode } from './png.mjs';

/** A striped vase, already cut out: its transparent surroundings make background removal needless. */
export function vase(size = 384) {
  return encode(size, size, (x, y) => {
    const height = 1 - y / size;
    const across = Math.abs(x / size - 0.5);
    const radius = 0.16 + 0.12 * Math.sin(height * 5.5 + 0.4);
    const inside = height > 0.06 && height < 0.94 && across < radius;
    if (!inside) return [0, 0, 0, 0];
    const light = 1 - 0.55 * (across / radius) ** 2;
    const stripe = Math.floor(height * 9) % 3;
    const colour = [[196, 84, 40], [238, 206, 150], [38, 84, 124]][stripe];
    return [...colour.map((value) => Math.round(value * light)), 255];
  });
}

/** What a browser's form sends for a picture. */
export function form(picture, boundary = 'boundary-of-the-test') {
  return Buffer.concat([
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="picture"; filename="picture.png"\r\ncontent-type: image/png\r\n\r\n`),
    picture,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
}
