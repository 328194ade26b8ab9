// 截至: a slider over the period beside the field for the moment.
const HOUR_MS = 3_600_000;

const written = (at) => {
  const local = new Date(at.getTime() + 8 * HOUR_MS);
  return local.toISOString().slice(0, 19);
};

/** Add the slider to the filter; letting go of it goes to that moment. */
export function addSlider(form) {
  const field = form.elements.as_of;
  const start = new Date(form.dataset.start).getTime();
  const end = Math.min(new Date(form.dataset.end).getTime(), new Date(form.dataset.now).getTime());
  const hours = Math.floor((end - start) / HOUR_MS);
  if (!(hours > 0)) return;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "1";
  slider.max = String(hours);
  slider.value = field.value ? String(Math.round((new Date(`${field.value}+08:00`) - start) / HOUR_MS)) : String(hours);
  slider.setAttribute("aria-label", "截至，在本期内移动");
  const told = () => written(new Date(start + Number(slider.value) * HOUR_MS));
  slider.addEventListener("input", () => {
    field.value = told();
    slider.setAttribute("aria-valuetext", field.value.replace("T", " "));
  });
  slider.addEventListener("change", () => {
    if (Number(slider.value) >= hours) field.value = "";
    form.requestSubmit();
  });
  field.after(slider);
}
