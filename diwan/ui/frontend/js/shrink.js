// Photos made smaller before they travel. Place and time of the photo (EXIF) are kept for the server, which keeps them apart.

const LONGEST_SIDE = 2400;
const LEAVE_UNDER = 1_200_000;
const QUALITY = 0.85;

/** The file itself when it is small or no photo that this browser can read, else a smaller JPEG of the same name. */
export async function shrink(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif|avif)$/.test(file.type) || file.size <= LEAVE_UNDER || !window.createImageBitmap) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!made || made.size >= file.size) return file;
    const exif = file.type === "image/jpeg" ? exifOf(new Uint8Array(await file.slice(0, 131072).arrayBuffer())) : null;
    const parts = exif ? [made.slice(0, 2), exif, made.slice(2)] : [made];
    return new File(parts, file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}

/** The EXIF segment of a JPEG with its orientation set to "as stored" (the canvas has turned the picture), or null. */
export function exifOf(bytes) {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  let at = 2;
  while (at + 4 < bytes.length && bytes[at] === 0xff) {
    const length = bytes[at + 2] * 256 + bytes[at + 3];
    if (bytes[at + 1] === 0xe1 && String.fromCharCode(...bytes.slice(at + 4, at + 8)) === "Exif") {
      return at + 2 + length <= bytes.length ? upright(bytes.slice(at, at + 2 + length)) : null;
    }
    if (bytes[at + 1] === 0xda) return null;
    at += 2 + length;
  }
  return null;
}

function upright(segment) {
  const view = new DataView(segment.buffer, segment.byteOffset + 10);
  const little = view.getUint16(0) === 0x4949;
  const first = view.getUint32(4, little);
  const count = view.getUint16(first, little);
  for (let place = 0; place < count; place += 1) {
    const entry = first + 2 + place * 12;
    if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
  }
  return segment;
}
