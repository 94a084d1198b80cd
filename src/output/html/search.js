"use strict";
(() => {
  const rows = JSON.parse(document.getElementById("_index").textContent);
  const input = document.getElementById("_search");
  const form = document.getElementById("_form");
  const results = document.getElementById("_results");
  const most = 50;
  // Words of the name weigh most, those of the description least.
  const weights = [0, 2, 12, 9, 2, 4, 5];
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const folded = rows.map((row) => row.map(fold));
  let chosen = -1;

  const score = (row, words) => {
    let sum = 0;
    for (const word of words) {
      let best = 0;
      for (let field = 1; field < row.length; field += 1) {
        const at = row[field].indexOf(word);
        if (at < 0) continue;
        const starts = at === 0 || /[^\p{L}\p{N}]/u.test(row[field][at - 1]);
        const factor = row[field] === word ? 4 : at === 0 ? 2.5 : starts ? 2 : 1;
        best = Math.max(best, weights[field] * factor);
      }
      if (best === 0) return 0;
      sum += best;
    }
    return sum;
  };

  const search = (query) => {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (words.length === 0) return null;
    const found = [];
    folded.forEach((row, number) => {
      const value = score(row, words);
      if (value > 0) found.push([value, number]);
    });
    return found.sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, number]) => rows[number]);
  };

  const element = (name, text, kind) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  const show = () => {
    const found = search(input.value);
    results.replaceChildren();
    chosen = -1;
    results.hidden = found === null;
    if (found === null) return;
    const count = found.length === 1 ? "1 found" : `${found.length} found`;
    const cut = found.length > most ? `, the best ${most} are shown` : "";
    results.append(element("p", count + cut, "faint"));
    const list = document.createElement("ol");
    for (const [target, kind, name, title, description, owner] of found.slice(0, most)) {
      const item = document.createElement("li");
      const link = element("a", title || name, "name");
      link.href = target;
      const more = [kind, title ? name : "", owner].filter(Boolean).join(" · ");
      item.append(link, element("span", `  ${more}`, "faint"), element("p", description));
      list.append(item);
    }
    results.append(list);
  };

  const choose = (next) => {
    const items = results.querySelectorAll("li");
    if (items.length === 0) return;
    chosen = Math.max(-1, Math.min(items.length - 1, next));
    items.forEach((item, number) => item.setAttribute("aria-current", String(number === chosen)));
    if (chosen >= 0) items[chosen].scrollIntoView({ block: "nearest" });
  };

  const go = () => {
    const links = results.querySelectorAll("li a");
    const link = links[Math.max(chosen, 0)];
    if (link) location.assign(link.href);
  };

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Escape") { input.value = ""; show(); return; }
    else return;
    event.preventDefault();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); go(); });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key === "/" && !typing) { event.preventDefault(); input.focus(); }
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { input.value = asked.slice(0, 200); show(); input.focus(); }
})();
