// Datasette's own pages: folds the meanings of the columns, so that the rows come first, and closes small menus
// on a click beside them. Our own folded parts stay as the reader left them.
"use strict";
for (const list of document.querySelectorAll("dl.column-descriptions")) {
  const folded = document.createElement("details");
  const title = document.createElement("summary");
  title.textContent = "What the columns mean";
  list.replaceWith(folded);
  folded.append(title, list);
}
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.nav-menu[open], details.actions-menu-links[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
