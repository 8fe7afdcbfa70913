// Adds to the page of a report what links alone cannot do: light up a coding's boxes and a box's codings,
// turn pages with the arrow keys, keep the place in the list of codings while turning.
"use strict";
(() => {
  const codings = document.querySelector(".codings-pane");
  const frame = document.querySelector(".sheet-frame");
  const kept = `art7 codings ${location.pathname}`;

  const ids = (element, name) => (element.dataset[name] || "").split(" ").filter(Boolean);
  const partners = (element) =>
    element.matches("[data-passages]")
      ? ids(element, "passages").map((id) => document.getElementById(`p-${id}`))
      : ids(element, "codings").map((id) => document.getElementById(`c-${id}`));

  function light(element) {
    for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!element) return;
    for (const other of [element, ...partners(element)]) if (other) other.classList.add("lit");
  }

  // a coding with the page on the right side of the screen, a box on the left
  const ofInterest = (event) => event.target.closest("[data-passages], a.box");
  for (const kind of ["pointerover", "focusin"]) {
    document.addEventListener(kind, (event) => {
      const element = ofInterest(event);
      if (element) light(element);
    });
  }

  function showTarget() {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const folded = target.closest("details");
    if (folded) folded.open = true;
    target.scrollIntoView({ block: "center" });
    if (!target.matches("[data-passages], a.box")) return;
    light(target);
    const partner = partners(target).find(Boolean);
    if (partner) partner.scrollIntoView({ block: "nearest" });
  }

  function turnPage(event) {
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (!rel || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea")) return;
    // a page wider than its frame is moved sideways by the same keys
    if (frame && frame.contains(event.target) && frame.scrollWidth > frame.clientWidth + 1) return;
    const link = document.querySelector(`.pager a[rel=${rel}]`);
    if (link) link.click();
  }

  const here = document.querySelector(".page-list [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest" });
  const place = sessionStorage.getItem(kept);
  if (codings && place) codings.scrollTop = Number(place);
  window.addEventListener("pagehide", () => codings && sessionStorage.setItem(kept, codings.scrollTop));
  window.addEventListener("hashchange", showTarget);
  document.addEventListener("keydown", turnPage);
  showTarget();
})();
