// Elements and forms, in as few words as the pages of this folder need.

/** An element with properties and children; a property `on` holds its listeners. */
export function element(name, { on = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  for (const [event, listener] of Object.entries(on)) made.addEventListener(event, listener);
  made.append(...children);
  return made;
}

/** A button that does something and nothing else. */
export const button = (label, listener, className = "") =>
  element("button", { type: "button", textContent: label, className, on: { click: listener } });

/** What a form's fields hold, files apart; texts without blanks around them. */
export function valuesOf(form) {
  const fields = [...form.elements].filter((field) => field.name && !["file", "button", "submit", "search"].includes(field.type));
  const values = {};
  for (const { name, type, value, checked } of fields) {
    if (type === "checkbox") values[name] = checked;
    else if (type === "radio") values[name] = checked ? value : (values[name] ?? "");
    else values[name] = value.trim();
  }
  return values;
}

/** Put values back into a form's fields. */
export function fill(form, values) {
  for (const field of form.elements) {
    if (!(field.name in values) || field.type === "file") continue;
    if (field.type === "checkbox") field.checked = values[field.name];
    else if (field.type === "radio") field.checked = field.value === values[field.name];
    else field.value = values[field.name];
  }
}

/** Call `work` once nothing has happened for `ms`. */
export function afterPause(ms, work) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), ms);
  };
}

/** 11月21日 16:40. */
export function moment(iso) {
  const at = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`;
}
