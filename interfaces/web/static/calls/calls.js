// The call-back desk without a mouse: what comes next has the focus.

const first =
  document.querySelector("[data-usual]") ??
  document.querySelector("[data-open]") ??
  document.querySelector(".questions input[type=radio]") ??
  document.querySelector("[data-first]");

// Forms are made to work by orders.js, which runs before: a disabled button takes no focus.
first?.focus();
