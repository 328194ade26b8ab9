// Pointing at a stretch of a ribbon, or walking over it with the arrow keys, reads out its rule under it.

function readable(ribbon) {
  const readout = ribbon.parentElement.querySelector(".readout");
  const pieces = [...ribbon.querySelectorAll(".piece")];
  if (!readout || !pieces.length) return;
  readout.hidden = false;
  let at = -1;
  const read = (index) => {
    pieces[at]?.classList.remove("chosen");
    at = Math.max(0, Math.min(index, pieces.length - 1));
    pieces[at].classList.add("chosen");
    readout.textContent = pieces[at].querySelector("title").textContent;
  };
  readout.textContent = "指向一段，或用左右方向键逐段查看，可见其规则。";
  const stage = ribbon.parentElement;
  stage.tabIndex = 0;
  stage.addEventListener("keydown", (event) => {
    if (event.target !== stage) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    read(at < 0 ? 0 : at + step);
  });
  pieces.forEach((piece, index) => piece.addEventListener("pointerenter", () => read(index)));
}

document.querySelectorAll(".ribbon").forEach(readable);

// Paper has no folds: what is folded is printed open.
addEventListener("beforeprint", () => document.querySelectorAll("main details").forEach((one) => { one.open = true; }));
