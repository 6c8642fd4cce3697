/* The few things a page cannot do by itself: keys, drafts kept on this machine, one submit per press, speaking up when
   the network fails. Every page works without this file. */
(() => {
  "use strict";

  const DRAFT = "nhap:";
  const OWN = `${DRAFT}${document.body.dataset.user ?? ""}:`;
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;

  /* --- menus: one open at a time, closed by Esc or a press elsewhere ----------------------------------------- */

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));

  /* --- keys ---------------------------------------------------------------------------------------------------- */

  const openKeys = () => document.querySelector("dialog[data-keys]")?.showModal();

  const step = (nodes, forward, isCurrent) => {
    if (nodes.length === 0) return null;
    const at = nodes.findIndex(isCurrent);
    const next = at < 0 ? (forward ? 0 : nodes.length - 1) : at + (forward ? 1 : -1);
    return nodes[Math.max(0, Math.min(next, nodes.length - 1))];
  };
  const goToChange = (forward) => {
    const changes = [...document.querySelectorAll("[data-change], ins, del")];
    const target = step(changes, forward, (node) => node.classList.contains("is-current-change"));
    if (!target) return;
    for (const node of changes) node.classList.toggle("is-current-change", node === target);
    if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  };
  const goToRow = (forward) => {
    const links = [...document.querySelectorAll("table[data-rows] a.row-link")];
    step(links, forward, (link) => link === document.activeElement)?.focus();
  };

  const KEYS = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": openKeys,
    n: () => goToChange(true),
    p: () => goToChange(false),
    j: () => goToRow(true),
    k: () => goToRow(false),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys-open]")) return;
    event.preventDefault();
    closeMenus(null);
    openKeys();
  });

  /* --- drafts: what is typed stays on this machine until the server has accepted it ----------------------------- */

  const clock = (when) => `${when.getHours()}:${String(when.getMinutes()).padStart(2, "0")}`;
  const kept = (field) =>
    field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.readOnly;
  const draftKey = (form) => OWN + form.dataset.autosave;
  const say = (form, text) => {
    const place = form.querySelector("[data-autosave-said]");
    if (place) place.textContent = text;
  };
  const store = {
    read(key) {
      try {
        return JSON.parse(localStorage.getItem(key));
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    drop(key) {
      try {
        localStorage.removeItem(key);
      } catch {
        /* nothing was kept */
      }
    },
    /* All drafts on this machine, or those of everybody but ``own``. */
    dropAll(own = null) {
      try {
        for (const key of Object.keys(localStorage)) {
          if (key.startsWith(DRAFT) && !(own && key.startsWith(own))) localStorage.removeItem(key);
        }
      } catch {
        /* nothing was kept */
      }
    },
  };

  const valuesOf = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!kept(field)) continue;
      const list = (values[field.name] ??= []);
      if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked) list.push(field.value);
      } else if (field.multiple) {
        list.push(...[...field.selectedOptions].map((option) => option.value));
      } else {
        list.push(field.value);
      }
    }
    return values;
  };
  const fill = (form, values) => {
    const used = {};
    for (const field of form.elements) {
      if (!kept(field) || !(field.name in values)) continue;
      const list = values[field.name];
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = list.includes(field.value);
      } else if (field.multiple) {
        for (const option of field.options) option.selected = list.includes(option.value);
      } else {
        used[field.name] ??= 0;
        const value = list[used[field.name]++];
        if (value !== undefined) field.value = value;
      }
    }
  };

  /* Above the form: what stands in it is not what the server gave, and one press gives that back. */
  const restored = (form, key, when) => {
    const day = when.toDateString() === new Date().toDateString() ? "" : ` ngày ${when.getDate()}/${when.getMonth() + 1}`;
    const said = document.createElement("div");
    const text = document.createElement("p");
    const again = document.createElement("button");
    said.className = "draft-restored no-print";
    said.setAttribute("role", "status");
    text.textContent = `Đã lấy lại nội dung lưu trên máy này ${clock(when)}${day}.`;
    again.type = "button";
    again.className = "btn btn-secondary";
    again.textContent = "Bỏ nội dung này, bắt đầu lại";
    again.addEventListener("click", () => {
      store.drop(key);
      form.reset();
      form.dispatchEvent(new Event("input", { bubbles: true })); // sums and counters read the form again
      said.remove();
      say(form, "Đã bỏ nội dung lưu trên máy này.");
      form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    said.append(text, again);
    form.prepend(said);
  };

  const startDraft = (form) => {
    const key = draftKey(form);
    const fresh = JSON.stringify(valuesOf(form));
    const draft = store.read(key);
    if (draft && JSON.stringify(draft.values) !== fresh && !form.querySelector(".has-error")) {
      fill(form, draft.values);
      restored(form, key, new Date(draft.at));
    }
    let waiting = 0;
    const save = () => {
      const now = new Date();
      if (store.write(key, { at: now.getTime(), values: valuesOf(form) })) say(form, `đã lưu trên máy này ${clock(now)}`);
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(save, 600);
    });
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      save();
    });
  };
  const startDrafts = (root) => {
    for (const form of root.querySelectorAll("form[data-autosave]")) {
      if (form.dataset.started) continue;
      form.dataset.started = "1";
      startDraft(form);
    }
  };

  /* The server says which draft it has accepted: an element with data-draft-saved="key". */
  const dropSaved = (root) => {
    for (const node of root.querySelectorAll("[data-draft-saved]")) store.drop(OWN + node.dataset.draftSaved);
  };

  /* --- one press, one submit --------------------------------------------------------------------------------------- */

  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-sign-out]")) store.dropAll();
    if (form.matches("[data-hold-offline]") && navigator.onLine === false) {
      event.preventDefault();
      announce("Mất mạng. Số liệu còn trên máy này; bấm gửi lại khi có mạng.");
      return;
    }
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  }, true);
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) release(form);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest('[aria-disabled="true"]')) event.preventDefault();
  });

  /* --- htmx: speak up when an answer does not come, or cannot be shown in place -------------------------------------- */

  const announce = (text) => {
    const region = document.getElementById("thong-bao");
    if (!region) return;
    region.innerHTML = "";
    const note = document.createElement("div");
    note.className = "notice notice-late";
    note.setAttribute("role", "alert");
    const line = document.createElement("p");
    line.textContent = text;
    note.append(line);
    region.append(note);
    region.scrollIntoView({ block: "nearest" });
  };
  /* What the page asks for by itself fails in silence: it asks again, and nobody is disturbed while typing. */
  const isBackground = (event) => event.detail.requestConfig?.headers?.["X-Background"] === "1";
  document.addEventListener("htmx:sendError", (event) => {
    if (!isBackground(event)) announce("Chưa gửi được vì mất kết nối tới máy chủ. Đồng chí kiểm tra mạng rồi thử lại.");
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (isBackground(event)) return;
    const status = event.detail.xhr.status;
    if (status === 401 || status === 404) announce("Nội dung này không còn ở đây. Đồng chí tải lại trang.");
    else if (status === 429) announce("Đồng chí đã thử quá nhiều lần. Đợi ít phút rồi thử lại.");
    else if (status === 503 && event.detail.xhr.getResponseHeader("Retry-After")) announce("Có người khác vừa ghi cùng lúc, chưa ghi gì. Gửi lại sau vài giây.");
    else if (status >= 500) announce("Máy chủ đang gặp trục trặc, việc vừa làm chưa được lưu. Đồng chí thử lại sau ít phút.");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    /* A whole page (the sign-in after an ended session, an error page) is never put into a corner of another. */
    if (/^\s*<!doctype/i.test(event.detail.serverResponse) && event.detail.target !== document.body) {
      event.detail.shouldSwap = false;
      if (event.detail.xhr.status < 500) announce("Phiên làm việc đã hết. Đồng chí tải lại trang để đăng nhập; nội dung đã gõ vẫn còn trên máy này.");
    }
  });
  /* What somebody has opened stays open when the page renews a part of itself. */
  let opened = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (isBackground(event)) opened = [...event.detail.target.querySelectorAll("details[open][id]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    opened = [];
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-sent]");
    if (form) release(form);
  });
  document.addEventListener("htmx:load", (event) => {
    startDrafts(event.target.parentElement ?? document);
    dropSaved(event.target.parentElement ?? document);
  });

  /* --- start --------------------------------------------------------------------------------------------------------- */

  /* A shared machine: what another person has left here goes before anything is filled in. */
  if (document.body.dataset.user) store.dropAll(OWN);
  dropSaved(document);
  startDrafts(document);
  document.querySelector("[data-error-summary]")?.focus();
  const mark = document.querySelector(".rail [aria-current]");
  const bar = mark?.closest("ul");
  if (bar && mark.offsetLeft + mark.offsetWidth > bar.clientWidth) bar.scrollLeft = mark.offsetLeft - 40;
})();
