/**
 * A photo is made small before it is sent: `<form data-photo="512">` with one file field. Whatever
 * can't be made smaller here is sent as it is, and the server decides.
 */

async function smaller(file: File, most: number): Promise<File | null> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const side = Math.min(picture.width, picture.height);
  const size = Math.min(side, most);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  // The middle of it, square, as it is shown everywhere.
  const left = (picture.width - side) / 2;
  const top = (picture.height - side) / 2;
  canvas.getContext("2d")?.drawImage(picture, left, top, side, side, 0, 0, size, size);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return blob && new File([blob], "photo.jpg", { type: "image/jpeg" });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-photo]")) {
  const field = form.querySelector<HTMLInputElement>('input[type="file"]');
  field?.addEventListener("change", async () => {
    const chosen = field.files?.[0];
    if (!chosen) return;
    const made = await smaller(chosen, Number(form.dataset.photo)).catch(() => null);
    // Another one may have been chosen meanwhile.
    if (!made || field.files?.[0] !== chosen) return;
    const files = new DataTransfer();
    files.items.add(made);
    field.files = files.files;
  });
}
