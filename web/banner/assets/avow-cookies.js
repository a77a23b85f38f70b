// Asks before anything that is not essential, and keeps it out until there is a yes.
// <script src="https://HOST/PLATFORM/cookies/avow-cookies.js" defer></script>; mark what
// waits: <script type="text/plain" data-cookie="cookies.NAME" data-src="…">, and the
// same for img and iframe. A page's CSP allows HOST for script, style and connect.
(function () {
  "use strict";
  var me = document.currentScript, base = me.src.replace(/\/avow-cookies\.js.*$/, ""), name = "avow-cookies";
  if (location.protocol === "https:") name = "__Host-" + name;
  var text = read(), state = null, bar = null;

  function read() {
    var m = document.cookie.match(new RegExp("(?:^|; )" + name + "=([^;]*)"));
    return m ? m[1] : "";
  }
  function keep(value, until) {
    text = value;
    var life = value ? Math.max(1, Math.floor((new Date(until) - new Date()) / 1000)) : 0;
    document.cookie = name + "=" + value + "; Path=/; SameSite=Lax; Max-Age=" + life + (location.protocol === "https:" ? "; Secure" : "");
  }
  function allowed(ref) {
    return state ? state.allowed[ref] === true : text.split("~").indexOf(ref, 2) >= 0;
  }
  function fits(pattern, have) {
    return new RegExp("^(__Host-|__Secure-)?" + pattern.split("*").map(function (s) {
      return s.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    }).join(".*") + "$").test(have);
  }
  // What was let in begins; each element once.
  function begin() {
    document.querySelectorAll("[data-cookie]").forEach(function (e) {
      if (!allowed(e.dataset.cookie)) return;
      var n = document.createElement(e.localName);
      Array.prototype.forEach.call(e.attributes, function (a) {
        if (a.name === "data-src") n.setAttribute("src", a.value);
        else if (a.name !== "data-cookie" && !(a.name === "type" && a.value === "text/plain")) n.setAttribute(a.name, a.value);
      });
      if (e.localName === "script") n.textContent = e.textContent;
      e.replaceWith(n);
    });
  }
  // What is kept out goes, from every host that this page can reach.
  function drop(all) {
    state.trackers.forEach(function (t) {
      if (!all && allowed(t.ref)) return;
      (t.names || []).forEach(function (p) {
        if (t.kind === "cookie") document.cookie.split("; ").forEach(function (c) {
          var have = c.split("=")[0], parts = location.hostname.split(".");
          if (!fits(p, have)) return;
          for (var i = 0; i <= parts.length - 2 || i === 0; i++)
            ["", "; Domain=" + parts.slice(i).join(".")].forEach(function (d) { document.cookie = have + "=; Path=/; Max-Age=0" + d; });
        });
        [["local-storage", "localStorage"], ["session-storage", "sessionStorage"]].forEach(function (k) {
          if (t.kind !== k[0]) return;
          try { Object.keys(window[k[1]]).forEach(function (have) { if (fits(p, have)) window[k[1]].removeItem(have); }); } catch (e) { /* storage is switched off */ }
        });
      });
    });
  }
  function send(body) {
    body.choice = text;
    return fetch(base + ".json", { method: "POST", credentials: "omit", referrerPolicy: "no-referrer", body: JSON.stringify(body) })
      .then(function (r) { if (!r.ok) throw new Error("avow: " + r.status); return r.json(); })
      .then(function (s) {
        state = s;
        if (s.choice !== undefined) { keep(s.choice, s.until); drop(body.forget); }
        begin();
        return s;
      });
  }
  function close() { if (bar) bar.remove(); bar = null; }
  function choose(yes) { close(); return send({ say: true, yes: yes }); }
  function refs() { return state.trackers.map(function (t) { return t.ref; }); }
  function make(tag, words, act) {
    var e = document.createElement(tag);
    e.textContent = words;
    if (act) { e.type = "button"; e.addEventListener("click", act); }
    return e;
  }
  function put() { if (bar) document.body.prepend(bar); } // the first Tab leads here
  function show() {
    if (bar || !state) return;
    var w = state.words, p = make("p", ""), d = make("div", ""), css = make("link", "");
    bar = make("section", "");
    bar.className = "avow-bar"; bar.lang = w.lang; bar.setAttribute("aria-label", w.title);
    p.append(make("strong", w.title), state.gpc ? w.gpc : navigator.cookieEnabled ? w.text : w.blocked);
    d.append(make("button", w.all, function () { choose(refs()); }), make("button", w.none, function () { choose([]); }), make("button", w.choose, pick));
    bar.append(p, d);
    if (document.querySelector('link[href="' + base + '/banner.css"]')) return put();
    css.rel = "stylesheet"; css.href = base + "/banner.css";
    css.onload = css.onerror = put; // never seen without its style
    document.head.append(css);
  }
  // In place of the question: a box for each kind, ticked where something of it is let in.
  function pick() {
    var w = state.words, f = make("fieldset", ""), d = make("div", ""), boxes = [], more = make("a", w.more);
    f.append(make("legend", w.choose));
    ["functional", "performance", "marketing"].forEach(function (c) {
      var of = state.trackers.filter(function (t) { return t.class === c; });
      if (!of.length) return;
      var l = make("label", ""), b = make("input", "");
      b.type = "checkbox"; b.checked = of.some(function (t) { return allowed(t.ref); });
      l.append(b, make("span", w.classes[c] + ": " + of.map(function (t) { return t.title; }).join(" · ")));
      f.append(l);
      boxes.push([b, of]);
    });
    more.href = base;
    d.append(make("button", w.save, function () {
      var yes = [];
      boxes.forEach(function (x) { if (x[0].checked) x[1].forEach(function (t) { yes.push(t.ref); }); });
      choose(yes);
    }), make("button", w.none, function () { choose([]); }), more);
    bar.replaceChildren(f, d);
    if (boxes.length) boxes[0][0].focus();
  }
  begin();
  send({}).then(function (s) { if (s.ask) show(); });
  window.avowCookies = {
    allowed: allowed, choose: choose, show: show,
    forget: function () { return send({ forget: true }); }
  };
})();
