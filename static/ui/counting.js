/* Counting by papers with the keyboard alone: the form of one paper, filled by keys and sent at once. What cannot be
   sent waits on this machine and is sent again. Keys are read by their place (KeyboardEvent.code), so that no input
   method for Vietnamese turns a figure into a letter. Without this file the same form is posted as it is. */
(() => {
  "use strict";

  const page = document.querySelector("[data-papers]");
  if (!page) return;

  const form = page.querySelector("[data-papers-form]");
  const sendForm = page.querySelector("[data-papers-send]");
  const desk = page.querySelector("[data-papers-desk]");
  const rows = [...form.querySelectorAll("[data-papers-row]")].map((row) => [...row.querySelectorAll("input")]);
  const flaws = [...form.querySelectorAll("[data-papers-flaw] input")];
  const unclear = [...form.querySelectorAll("[data-papers-unclear] input")];
  const untouched = form.elements.untouched;
  const byAgreement = page.dataset.layout === "agree";
  const wide = rows.length > 9;
  const KEPT = `nhap:${document.body.dataset.user ?? ""}:${page.dataset.key}`;
  const AGAIN_AFTER = 3000;

  const asked = JSON.parse(page.dataset.asked);
  const total = asked ? asked.length : Number(page.dataset.total) || null;
  const most = Number(page.dataset.most);
  const read = JSON.parse(page.dataset.read);
  let slip = Number(page.dataset.slip) || null;
  let half = "";
  let flawing = false;

  const said = page.querySelector("[data-papers-said]");
  let isRefusal = false;
  const say = (text) => {
    said.textContent = text;
    isRefusal = false;
  };
  /* A key that was refused: Backspace first takes the message away, and only then goes back. */
  const sayNo = (text) => {
    say(text);
    isRefusal = true;
  };

  /* --- papers that the server has not acknowledged: kept on this machine, sent one after the other -------------------- */

  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  };
  const queue = kept();
  const keep = () => {
    try {
      if (Object.keys(queue).length) localStorage.setItem(KEPT, JSON.stringify(queue));
      else localStorage.removeItem(KEPT);
    } catch {
      /* this machine keeps nothing; the page still holds the papers */
    }
  };
  const bodyOf = (number, paper) => {
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, slip: number });
    for (const [name, value] of Object.entries(paper)) {
      if (name === "flaws") for (const flaw of value) body.append("flaws", flaw);
      else if (name === "over") body.append(name, value);
      else if (value) body.append(name, "on");
    }
    return body;
  };

  /* What the server had of each paper when this page last heard of it: a newer reading of another machine is never
     overwritten unseen. */
  const known = {};
  for (const [number, paper] of Object.entries(read)) known[number] = JSON.stringify(paper);

  let sending = false;
  let stopped = false;
  let notSent = "";
  const send = async () => {
    if (sending || stopped) return;
    sending = true;
    try {
      for (let number; (number = Object.keys(queue)[0]) !== undefined; ) {
        const paper = queue[number];
        const answer = await fetch(page.dataset.address, {
          method: "POST",
          body: bodyOf(number, paper),
          headers: { Accept: "application/json" },
          redirect: "manual",
        });
        if (answer.ok) {
          known[number] = JSON.stringify((await answer.json()).read);
          if (queue[number] === paper) delete queue[number];
          else queue[number].over = known[number];
          keep();
        } else if (answer.status === 412) {
          await showNewer(number, answer);
        } else if (answer.status === 422) {
          await refuse(number, answer);
        } else {
          if (answer.status >= 500) throw new Error("again");
          await stop(answer);
          break;
        }
      }
      if (notSent && said.textContent === notSent) say("");
      notSent = "";
    } catch {
      notSent = `Chưa gửi được ${Object.keys(queue).length} phiếu lên máy chủ. Phiếu được giữ trên máy này và tự gửi lại; đồng chí cứ nhập tiếp.`;
      say(notSent);
      setTimeout(send, AGAIN_AFTER);
    } finally {
      sending = false;
      showProgress();
    }
  };
  const refuse = async (number, answer) => {
    const told = await answer.json();
    delete queue[number];
    delete read[number];
    keep();
    show(Number(number));
    sayNo(told.errors.join(" "));
  };
  const showNewer = async (number, answer) => {
    const { newer } = await answer.json();
    delete queue[number];
    keep();
    if (newer) {
      read[number] = newer;
      known[number] = JSON.stringify(newer);
    } else {
      delete read[number];
      delete known[number];
    }
    show(Number(number));
    sayNo(`Phiếu ${number} đã được ghi khác ở máy khác hoặc trang khác. Đồng chí so với phiếu giấy, sửa nếu cần rồi bấm Enter để ghi.`);
  };
  const stop = async (answer) => {
    stopped = true;
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
    const told = isJson ? (await answer.json()).errors.join(" ") : "Phiên làm việc đã hết hoặc phiếu không còn nhập được.";
    say(`${told} Những phiếu chưa gửi được giữ trên máy này. Đồng chí tải lại trang.`);
  };
  window.addEventListener("online", send);

  /* --- the paper in the form ------------------------------------------------------------------------------------------- */

  const typed = () => {
    const paper = { flaws: flaws.filter((one) => one.checked).map((one) => one.value), untouched: untouched.checked };
    for (const box of [...rows.flat(), ...unclear]) paper[box.name] = box.checked;
    return paper;
  };
  const fill = (paper) => {
    for (const box of [...rows.flat(), ...unclear]) box.checked = Boolean(paper[box.name]);
    for (const flaw of flaws) flaw.checked = (paper.flaws ?? []).includes(flaw.value);
    untouched.checked = Boolean(paper.untouched);
  };
  const unsaid = () => {
    if (untouched.checked || flaws.some((one) => one.checked && one.value === "not_issued")) return "";
    const said = rows.map((boxes) => boxes.some((box) => box.checked));
    if (byAgreement ? said.every(Boolean) : said.some(Boolean)) return "";
    const zero = wide ? "00" : "0";
    return byAgreement
      ? `Còn tên chưa ghi dấu. Nếu trên phiếu để trống cả hai ô thì gõ ${zero}.`
      : `Chưa gạch tên nào. Nếu phiếu không gạch ai thì gõ ${zero}.`;
  };

  const places = () => asked ?? Array.from({ length: total ?? most }, (_, at) => at + 1);
  const isRead = (number) => String(number) in read;
  const firstToRead = () => {
    if (asked || total) return places().find((number) => !isRead(number)) ?? null;
    const last = Math.max(0, ...Object.keys(read).map(Number));
    return places().slice(0, last + 1).find((number) => !isRead(number)) ?? null;
  };
  const isWhole = () => {
    const numbers = Object.keys(read).map(Number);
    if (numbers.length === 0) return false;
    if (asked || total) return firstToRead() === null;
    return Math.max(...numbers) === numbers.length;
  };

  const showProgress = () => {
    const done = places().filter(isRead).length;
    const waiting = Object.keys(queue).length;
    const of = total ? `${done}/${total}` : `${done}`;
    page.querySelector("[data-papers-progress]").textContent =
      `đã ghi ${of} phiếu${waiting ? `, ${waiting} phiếu chưa lên máy chủ` : ""}`;
    page.querySelector("progress").value = done;
    sendForm.hidden = !isWhole();
  };
  const names = form.querySelector(".ballot-names");
  const bringIntoView = () => {
    const place = names.getBoundingClientRect();
    if (!desk.hidden && (place.top < 0 || place.bottom > window.innerHeight)) {
      page.querySelector(".paper-progress").scrollIntoView({ block: "start" });
    }
  };
  const show = (number) => {
    slip = number;
    half = "";
    flawing = false;
    fill(read[number] ?? {});
    form.elements.slip.value = number ?? "";
    page.querySelector("[data-papers-slip]").textContent = number ? `Phiếu ${number}` : "Đã đọc hết";
    page.querySelector("[data-papers-number]").textContent = number ?? "";
    desk.hidden = number === null;
    for (const old of page.querySelectorAll("[data-error-summary]")) old.remove();
    showProgress();
    if (Object.keys(read).length) bringIntoView(); /* before the first paper the notice above it is to be read */
    if (number === null) page.querySelector("[data-papers-review]").focus(); /* never the button: Enter is pressed for every paper */
  };

  /* Who went back returns to where the reading stopped: said in words, since the eyes are on the paper. */
  const whereNow = () => (slip === null ? "Đã đọc hết các phiếu." : `Trở lại phiếu ${slip}, phiếu chưa ghi.`);

  /* --- acts --------------------------------------------------------------------------------------------------------------- */

  const write = () => {
    if (slip === null) return;
    const missing = half ? `Đang gõ dở ${half}: gõ thêm một chữ số hoặc Backspace để bỏ.` : unsaid();
    if (missing) {
      sayNo(missing);
      return;
    }
    const written = slip;
    const isAgain = isRead(slip);
    read[slip] = queue[slip] = { ...typed(), over: queue[slip]?.over ?? known[slip] ?? "null" };
    keep();
    show(firstToRead());
    say(isAgain ? `Đã ghi lại phiếu ${written}. ${whereNow()}` : `Đã ghi phiếu ${written}.`);
    send();
  };
  const back = () => {
    if (half || flawing || isRefusal) {
      half = "";
      flawing = false;
      say("");
      return;
    }
    const before = places().filter((number) => isRead(number) && (slip === null || number < slip)).pop();
    if (before !== undefined) {
      show(before);
      say(`Xem lại phiếu ${before}.`);
    }
  };
  const cycle = ([agree, disagree]) => {
    const next = agree.checked ? (disagree.checked ? [false, false] : [false, true]) : disagree.checked ? [true, true] : [true, false];
    [agree.checked, disagree.checked] = next;
  };
  const mark = (number) => {
    if (number === 0) {
      untouched.checked = !untouched.checked;
      return;
    }
    const boxes = rows[number - 1];
    if (!boxes) {
      sayNo(`Trên phiếu chỉ có ${rows.length} người.`);
    } else if (byAgreement) {
      cycle(boxes);
    } else {
      boxes[0].checked = !boxes[0].checked;
      untouched.checked = false;
    }
  };
  const digit = (figure) => {
    say("");
    if (flawing) {
      flawing = false;
      const flaw = flaws[Number(figure) - 1];
      if (flaw) flaw.checked = !flaw.checked;
      else sayNo(`Điểm khác thường có số từ 1 đến ${flaws.length}.`);
    } else if (!wide) {
      mark(Number(figure));
    } else if (half) {
      const number = Number(half + figure);
      half = "";
      mark(number);
    } else {
      half = figure;
      say(`Đang gõ ${half}…`);
    }
  };
  const all = (agree) => {
    if (!byAgreement) return;
    for (const boxes of rows) [boxes[0].checked, boxes[1].checked] = [agree, !agree];
  };
  const flaw = () => {
    half = "";
    flawing = true;
    say(`Gõ số của điểm khác thường, từ 1 đến ${flaws.length}.`);
  };
  const openKeys = () => {
    const dialog = page.querySelector("[data-papers-keys]");
    const list = dialog.querySelector("[data-papers-keys-list]");
    if (!list.firstChild) list.append(page.querySelector(".paper-keys dl").cloneNode(true));
    dialog.showModal();
  };

  const KEYS = {
    NumpadEnter: write,
    Enter: write,
    Backspace: back,
    NumpadDecimal: back,
    Period: back,
    NumpadAdd: () => all(true),
    NumpadSubtract: () => all(false),
    Minus: () => all(false),
    NumpadMultiply: flaw,
  };
  const WITH_SHIFT = { Digit8: flaw, Equal: () => all(true), Slash: openKeys };
  const actOf = (event) => {
    if (event.key === "?") return openKeys;
    if (event.shiftKey) return WITH_SHIFT[event.code];
    const figure = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    return figure ? () => digit(figure[1]) : KEYS[event.code];
  };
  const typesElsewhere = (node) => node.closest("textarea, select, input:not([type=checkbox]), [contenteditable]") !== null;
  const pressesIt = (event) => /^(Numpad)?Enter$/.test(event.code) && event.target.closest("a, summary, button") !== null;

  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (typesElsewhere(event.target) || pressesIt(event)) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) act();
  }, true);
  /* Sending is asked once more; in the question Enter goes back. */
  const question = page.querySelector("[data-papers-ask]");
  let isAnswered = false;
  question.querySelector("[data-papers-ask-send]").addEventListener("click", () => {
    question.close();
    isAnswered = true;
    sendForm.requestSubmit();
  });
  const ask = () => {
    question.querySelector("[data-papers-ask-number]").textContent = places().filter(isRead).length;
    question.showModal();
  };
  window.addEventListener("submit", (event) => {
    if (event.target === form) {
      event.preventDefault();
      write();
    } else if (event.target === sendForm && Object.keys(queue).length) {
      event.preventDefault();
      event.stopImmediatePropagation();
      isAnswered = false;
      say("Còn phiếu chưa lên máy chủ. Đợi gửi xong rồi gửi tập phiếu.");
      send();
    } else if (event.target === sendForm && !isAnswered) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask();
    }
  }, true);
  form.addEventListener("change", (event) => {
    if (!byAgreement && rows.some(([box]) => box === event.target && box.checked)) untouched.checked = false;
  });
  page.querySelector("[data-papers-back]")?.addEventListener("click", (event) => {
    event.preventDefault();
    back();
  });

  /* --- start ------------------------------------------------------------------------------------------------------------------ */

  for (const [number, paper] of Object.entries(queue)) {
    if (places().includes(Number(number))) read[number] = paper;
    else delete queue[number];
  }
  keep();
  if (!document.querySelector("[data-error-summary]")) show(slip !== null && isRead(slip) && !location.search ? firstToRead() : slip ?? firstToRead());
  send();
})();
