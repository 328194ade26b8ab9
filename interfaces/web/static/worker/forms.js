// The form of a deed on a case, taken from the page's templates: on its card, and where a waiting one is changed.

import { afterPause, fill, once, valuesOf } from "./element.js";
import { PictureField } from "./pictures.js";

/**
 * A form for `kind`, filled with what `item` holds as {form, pictures}. `save` is told what is in it while it is written,
 * `submit` once all that is required is there.
 */
export function openForm(kind, item, save, submit) {
  const form = document.querySelector(`template[data-form="${kind}"]`).content.firstElementChild.cloneNode(true);
  const written = () => ({ form: valuesOf(form), pictures: fields.flatMap((field) => field.pictures) });
  const onChange = () => form.dataset.busy || save(written());
  const fields = [...form.querySelectorAll("[data-pictures]")].map((field) => new PictureField(field, { onChange }));
  if (item) fill(form, item.form);
  for (const field of fields) field.pictures = item?.pictures ?? [];
  form.addEventListener("input", afterPause(300, () => form.isConnected && onChange()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form, async () => {
      await Promise.all(fields.map(({ ready }) => ready));
      await submit(written());
    });
  });
  return form;
}
