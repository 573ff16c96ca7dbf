/** Photos are made smaller before they are sent: a page can be read well with less. */

export const LONGEST = 2560;
const QUALITY = 0.85;
/** Not worth touching when they are smaller than this (bytes). */
const SMALL = 1024 * 1024;

/** The size a picture is drawn at: no side longer than `LONGEST`, never larger than it is. */
export function within(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** The same photo as a JPEG that is not too large; what the browser can't draw stays as it is. */
export async function smaller(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < SMALL) return file;
  const picture = await drawn(file).catch(() => null);
  if (!picture) return file;
  const { width, height } = within(picture.width, picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const paint = canvas.getContext("2d");
  if (!paint) return file;
  paint.fillStyle = "white";
  paint.fillRect(0, 0, width, height);
  paint.drawImage(picture, 0, 0, width, height);
  picture.close();
  const blob = await new Promise<Blob | null>((settle) =>
    canvas.toBlob(settle, "image/jpeg", QUALITY),
  );
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
}

function drawn(file: File): Promise<ImageBitmap> {
  return createImageBitmap(file, { imageOrientation: "from-image" });
}
