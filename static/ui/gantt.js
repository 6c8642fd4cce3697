/* Drags the end of a line on the Gantt picture to another day, or moves it by the arrow keys. Nothing is saved here:
   the page of the milestone opens with the chosen day and shows what it would break. Without this file the same page
   is reached from the list. */
(() => {
  "use strict";

  const DAY = 86400000;
  const pad = (number) => String(number).padStart(2, "0");
  const iso = (day) => `${day.getUTCFullYear()}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`;
  const shown = (day) => `${day.getUTCDate()}/${day.getUTCMonth() + 1}/${day.getUTCFullYear()}`;
  const WEEKDAYS = ["chủ nhật", "thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy"];

  for (const picture of document.querySelectorAll("svg[data-gantt]")) {
    const perDay = Number(picture.dataset.perDay);
    const said = picture.closest("figure").querySelector("[data-gantt-said]");
    const say = (text) => {
      said.textContent = text;
    };

    for (const bar of picture.querySelectorAll("[data-bar]")) {
      const from = new Date(`${bar.dataset.day}T00:00:00Z`);
      const end = bar.querySelector(".gantt-end");
      let moved = 0;
      let pressed = null;

      const dayNow = () => new Date(from.getTime() + moved * DAY);
      const draw = () => {
        end.setAttribute("transform", `translate(${moved * perDay} 0)`);
        const day = dayNow();
        const words = `${WEEKDAYS[day.getUTCDay()]}, ${shown(day)}`;
        bar.setAttribute("aria-valuetext", words);
        bar.setAttribute("aria-valuenow", String(moved));
        say(moved ? `${bar.dataset.label}: ${words}. Nhấn Enter để xem điều gì thay đổi, Esc để thôi.` : "");
      };
      const open = () => {
        if (moved) window.location.assign(`${bar.dataset.url}?ngay=${iso(dayNow())}`);
        else window.location.assign(bar.dataset.url);
      };

      bar.setAttribute("tabindex", "0");
      bar.setAttribute("role", "slider");
      bar.setAttribute("aria-label", `Ngày của bước ${bar.dataset.label}`);
      bar.setAttribute("aria-valuemin", "-366");
      bar.setAttribute("aria-valuemax", "366");
      bar.classList.add("can-move");
      draw();

      bar.addEventListener("keydown", (event) => {
        const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -7, PageUp: 7 }[event.key];
        if (by) {
          moved += by;
          draw();
        } else if (event.key === "Enter" || event.key === " ") open();
        else if (event.key === "Escape") {
          moved = 0;
          draw();
        } else return;
        event.preventDefault();
      });

      const scale = () => picture.viewBox.baseVal.width / picture.getBoundingClientRect().width;
      bar.addEventListener("pointerdown", (event) => {
        pressed = event.clientX;
        bar.setPointerCapture(event.pointerId);
        event.preventDefault();
        bar.focus();
      });
      bar.addEventListener("pointermove", (event) => {
        if (pressed === null) return;
        moved = Math.round(((event.clientX - pressed) * scale()) / perDay);
        draw();
      });
      bar.addEventListener("pointerup", () => {
        if (pressed === null) return;
        pressed = null;
        if (moved) open();
      });
      bar.addEventListener("pointercancel", () => {
        pressed = null;
        moved = 0;
        draw();
      });
    }
  }
})();
