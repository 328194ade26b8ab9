// A link from a message carries the code behind the #, which is never sent: take it out of the address, and go on with it.
const CODE = /^#([0-9A-Z]{4})-?([0-9A-Z]{4})$/i;
const found = CODE.exec(location.hash);

if (found) {
  history.replaceState(null, "", location.pathname);
  const form = document.querySelector("#follow");
  if (form?.elements.number.value) {
    form.elements.code.value = `${found[1]}-${found[2]}`;
    // Not again after a refusal: the page that tells one has no code behind the #.
    form.requestSubmit();
  }
}
