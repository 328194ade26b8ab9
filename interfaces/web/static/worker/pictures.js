// Pictures: cut on the telephone to what is needed, drawn anew so that nothing of the camera's notes goes along.

import { placeIn } from "./exif.js";

export const LONGEST = 1600;
const MOST = 6;
const NOTES_BYTES = 256 * 1024;

/** The picture drawn anew, at most 1600 pixels a side, as JPEG. */
export async function shrunk(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  if (!blob) throw new Error("the picture could not be drawn");
  return blob;
}

/** A field of pictures; `ready` once all that were taken are drawn. `onPlace` is told where a picture says that it was taken; that stays out of what is sent. */
export class PictureField {
  constructor(field, { onChange = () => {}, onPlace = () => {} } = {}) {
    this.purpose = field.dataset.pictures;
    [this.list, this.fault] = [field.querySelector("ul"), field.querySelector("[role=alert]")];
    this.field = field;
    this.onChange = onChange;
    this.blobs = [];
    this.input = field.querySelector("input[type=file]");
    this.ready = Promise.resolve();
    this.input.addEventListener("change", () => {
      this.ready = this.take([...this.input.files], onPlace);
    });
  }

  get pictures() {
    return this.blobs.map((blob) => ({ purpose: this.purpose, blob }));
  }

  set pictures(all) {
    this.blobs = all.filter(({ purpose }) => purpose === this.purpose).map(({ blob }) => blob);
    this.show();
  }

  async take(files, onPlace) {
    this.fault.textContent = "";
    for (const file of files) {
      if (this.blobs.length >= MOST) {
        this.fault.textContent = `最多 ${MOST} 张照片。`;
        break;
      }
      try {
        const place = placeIn(await file.slice(0, NOTES_BYTES).arrayBuffer());
        this.blobs.push(await shrunk(file));
        if (place) onPlace(place);
      } catch {
        this.fault.textContent = "这张照片无法读取，请重拍或另选一张。";
      }
    }
    this.input.value = "";
    this.show();
    this.onChange();
  }

  show() {
    for (const image of this.list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    this.list.replaceChildren(...this.blobs.map((blob, nth) => this.preview(blob, nth)));
  }

  preview(blob, nth) {
    const [line, image, remove] = ["li", "img", "button"].map((name) => document.createElement(name));
    image.src = URL.createObjectURL(blob);
    image.alt = `第 ${nth + 1} 张照片，${Math.ceil(blob.size / 1024)} KB`;
    remove.type = "button";
    remove.textContent = "移除";
    remove.setAttribute("aria-label", `移除第 ${nth + 1} 张照片`);
    remove.addEventListener("click", () => {
      this.blobs.splice(nth, 1);
      this.show();
      this.onChange();
    });
    line.append(image, remove);
    return line;
  }
}
