// The document beside the data of an e-invoice. Each view is fetched when somebody first looks at it.
"use strict";

const SECONDS_BETWEEN_QUESTIONS = 3;
const MOST_QUESTIONS = 30;
const SECONDS_TO_OPEN = 20; // a file can be made so that it takes for ever

const pane = document.getElementById("document");
const panelOf = (name) => document.getElementById(`pane-${name}`);
const say = (panel, words) => { panel.querySelector(".ec-pane-words").textContent = words; };
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

class Gone extends Error {} // logged out, or no longer allowed: the page says so when it is loaded anew

// What was typed beside the document would be lost; who sends it is told.
const isTypedIn = () => document.querySelector(".ec-booking") || document.getElementById("reason")?.value;
const isToLoadAnew = (error) => error instanceof Gone && !isTypedIn();

async function ask(address, options) {
    const answer = await fetch(address, { cache: "no-store", ...options });
    if (answer.redirected) throw new Gone();
    return answer;
}

// The PDF

async function fetchPdf(panel) {
    let isHere = "here" in panel.dataset; // as far as the name of an attachment tells
    for (let question = 0; question < MOST_QUESTIONS; question += 1) {
        if (isHere) {
            const there = await ask(panel.dataset.address);
            if (there.ok) return there.arrayBuffer();
            if (there.status !== 404) throw new Error(panel.dataset.unreachable);
        }
        const token = pane.querySelector("[name=csrfmiddlewaretoken]").value;
        const made = await ask(panel.dataset.address, { method: "POST", headers: { "X-CSRFToken": token } });
        if (!made.ok) throw new Error(panel.dataset.unreachable);
        const { state, words } = await made.json();
        if (state === "refused") throw new Error(words);
        isHere = state === "ready";
        if (isHere) continue;
        say(panel, words);
        await pause(SECONDS_BETWEEN_QUESTIONS);
    }
    throw new Error(panel.dataset.slow);
}

function draw(panel, pdf) {
    const frame = document.createElement("iframe");
    frame.title = panel.dataset.title;
    frame.sandbox = "allow-scripts"; // an origin of its own: no cookies, no reaching out of it
    frame.src = panel.dataset.viewer;
    const giveUp = () => {
        say(panel, panel.dataset.undrawable);
        if (!("opened" in frame.dataset)) frame.remove(); // and what runs in it
    };
    const patience = setTimeout(giveUp, SECONDS_TO_OPEN * 1000);
    const heard = (event) => {
        if (event.source !== frame.contentWindow) return;
        const dark = document.documentElement.classList.contains("dark");
        if (event.data === "ready") return frame.contentWindow.postMessage({ pdf, dark }, "*", [pdf]);
        clearTimeout(patience);
        if (event.data === "opened") frame.dataset.opened = "";
        else giveUp();
    };
    window.addEventListener("message", heard);
    panel.querySelector(".ec-frame").replaceChildren(frame);
}

async function showPdf(panel) {
    const again = panel.querySelector("[data-again]");
    again.hidden = true;
    say(panel, panel.dataset.asking);
    try {
        const pdf = await fetchPdf(panel);
        say(panel, "");
        panel.querySelector("[data-file]").hidden = false;
        draw(panel, pdf);
    } catch (error) {
        if (isToLoadAnew(error)) return location.reload();
        const isUnreachable = error instanceof TypeError || error instanceof Gone;
        say(panel, isUnreachable ? panel.dataset.unreachable : error.message);
        again.hidden = false;
    }
}

// The readable sheet

async function showSheet(panel) {
    try {
        const answer = await ask(panel.dataset.address);
        if (!answer.ok) throw new Error();
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        panel.querySelector(".ec-paper").replaceChildren(page.getElementById("sheet"));
    } catch (error) {
        if (isToLoadAnew(error)) return location.reload();
        say(panel, panel.dataset.unreachable);
        shown.delete("readable");
    }
}

// The XML

const LONGEST_SEARCH = 200;

function placesOf(lines, wanted) {
    const places = [];
    for (const line of lines) {
        const text = line.textContent.toLowerCase();
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) places.push({ line, at });
    }
    return places;
}

function mark(places, length, present) {
    if (!window.Highlight) return; // then the line alone is marked
    const range = ({ line, at }) => {
        const made = new Range();
        made.setStart(line.firstChild, at);
        made.setEnd(line.firstChild, at + length);
        return made;
    };
    CSS.highlights.set("ec-found", new Highlight(...places.slice(0, 5000).map(range)));
    CSS.highlights.set("ec-present", present ? new Highlight(range(present)) : new Highlight());
}

function findIn(panel) {
    const form = panel.querySelector(".ec-find");
    const field = form.querySelector("input");
    const said = form.querySelector("output");
    const list = panel.querySelector(".ec-xml");
    let [places, at] = [[], -1];
    const go = (step) => {
        panel.querySelector(".ec-here")?.classList.remove("ec-here");
        at = places.length ? (at + step + places.length) % places.length : -1;
        const here = places[at];
        here?.line.classList.add("ec-here");
        if (here) list.scrollTop = here.line.offsetTop - list.clientHeight / 3;
        mark(places, field.value.length, here);
        const words = places.length ? panel.dataset.found : panel.dataset.none;
        said.textContent = field.value ? words.replace("{at}", at + 1).replace("{count}", places.length) : "";
    };
    field.maxLength = LONGEST_SEARCH;
    field.addEventListener("input", () => {
        places = field.value ? placesOf(list.children, field.value.toLowerCase()) : [];
        at = -1;
        go(1);
    });
    form.addEventListener("submit", (event) => { event.preventDefault(); go(1); });
    form.querySelector("[data-step='-1']").addEventListener("click", () => go(-1));
}

async function showXml(panel) {
    try {
        const answer = await ask(panel.dataset.address);
        if (!answer.ok) throw new Error();
        const { lines, words } = await answer.json();
        const rows = lines.map((text) => {
            const row = document.createElement("li");
            row.textContent = text;
            return row;
        });
        panel.querySelector(".ec-xml").replaceChildren(...rows);
        say(panel, words.join(" "));
        panel.querySelector(".ec-find input").dispatchEvent(new Event("input")); // what was typed meanwhile
    } catch (error) {
        if (isToLoadAnew(error)) return location.reload();
        say(panel, panel.dataset.unreachable);
        shown.delete("xml");
    }
}

// The tabs

const SHOW = { pdf: showPdf, readable: showSheet, xml: showXml };
const shown = new Set();

function choose(tab) {
    const name = tab.id.replace("view-", "");
    for (const other of pane.querySelectorAll("[role=tab]")) {
        other.setAttribute("aria-selected", String(other === tab));
        other.tabIndex = other === tab ? 0 : -1;
    }
    for (const panel of pane.querySelectorAll("[role=tabpanel]")) panel.hidden = panel !== panelOf(name);
    if (shown.has(name)) return;
    shown.add(name);
    SHOW[name](panelOf(name));
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

pane.addEventListener("keydown", (event) => {
    if (event.target.role !== "tab" || !(event.key in STEPS)) return;
    const tabs = [...pane.querySelectorAll("[role=tab]")];
    const next = tabs[(tabs.indexOf(event.target) + STEPS[event.key] + tabs.length) % tabs.length];
    choose(next);
    next.focus();
});
pane.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
    if (event.target.closest("[data-again]")) showPdf(panelOf("pdf"));
});
for (const link of document.querySelectorAll("[data-view]")) {
    link.addEventListener("click", (event) => {
        event.preventDefault();
        const tab = document.getElementById(`view-${link.dataset.view}`);
        choose(tab);
        pane.scrollIntoView({ block: "nearest" });
        tab.focus();
    });
}

// To the invoice before and after this one.
document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && !event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const rel = { "[": "prev", "]": "next" }[event.key];
    if (rel) document.querySelector(`.ec-neighbours [rel=${rel}]`)?.click();
});

if (panelOf("xml")) findIn(panelOf("xml"));
choose(document.getElementById(`view-${pane.dataset.first}`));
