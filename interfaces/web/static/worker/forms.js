// The form of a deed on a case, taken from the page's templates: on its card, and where a waiting one is changed.

import { fill, once, valuesOf } from "./element.js";
import { PictureField } from "./pictures.js";

/** A form for `kind`, filled with what `item` holds. `submit` gets {values, pictures} once all that is required is there. */
export function openForm(kind, item, submit) {
  const form = document.querySelector(`template[data-form="${kind}"]`).content.firstElementChild.cloneNode(true);
  const fields = [...form.querySelectorAll("[data-pictures]")].map((field) => new PictureField(field));
  if (item) fill(form, item.form);
  for (const field of fields) field.pictures = item?.pictures ?? [];
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form, async () => {
      await Promise.all(fields.map(({ ready }) => ready));
      await submit({ values: valuesOf(form), pictures: fields.flatMap((field) => field.pictures) });
    });
  });
  return form;
}
