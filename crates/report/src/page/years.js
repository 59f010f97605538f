// One slider for every figure of several periods. Without this script each figure still has its own buttons.
(() => {
  const bar = document.getElementById("years");
  const slider = document.getElementById("years-slider");
  const shown = document.getElementById("years-shown");
  const [previous, next] = bar.querySelectorAll("button");
  const labels = Array.from(bar.querySelectorAll("option"), option => option.label);
  const figures = Array.from(document.querySelectorAll("figure.periods"), figure =>
    Array.from(figure.querySelectorAll("input[type=radio]"), radio => ({ radio, at: labels.indexOf(radio.value) })));

  // A figure without the period shows the last one before it, or else its first.
  const show = at => {
    for (const frames of figures) {
      const past = frames.filter(frame => !(frame.at > at));
      (past.length ? past[past.length - 1] : frames[0]).radio.checked = true;
    }
    slider.value = at;
    slider.setAttribute("aria-valuetext", labels[at]);
    shown.textContent = labels[at];
    previous.setAttribute("aria-disabled", at === 0);
    next.setAttribute("aria-disabled", at === labels.length - 1);
  };
  const step = by => show(Math.min(Math.max(Number(slider.value) + by, 0), labels.length - 1));

  slider.addEventListener("input", () => show(Number(slider.value)));
  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  for (const frames of figures)
    for (const { radio, at } of frames) radio.addEventListener("change", () => show(at));

  bar.hidden = false;
  show(labels.length - 1);
})();
