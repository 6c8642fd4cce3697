/* The screen in the office: nobody scrolls it, so what would stand below the edge makes everything a little smaller. */
(() => {
  "use strict";

  const SMALLEST = 0.4;
  const fit = () => {
    const main = document.querySelector(".hung main");
    if (!main) return;
    for (let part = 1; part >= SMALLEST; part -= 0.02) {
      document.body.style.setProperty("--u", `${part.toFixed(2)}vh`);
      if (main.scrollHeight <= main.clientHeight) return;
    }
  };
  fit();
  document.fonts.ready.then(fit);
  window.addEventListener("resize", fit);
  document.body.addEventListener("htmx:afterSettle", fit);
})();
