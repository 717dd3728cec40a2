// Lists by keyboard, and back in a list where one left it.
"use strict";

{
    const IS_NOT_TYPED_IN = ["checkbox", "radio", "button", "submit"];

    const rows = () => [...document.querySelectorAll("#result_list tr.data-row")];
    const linkOf = (row) => row.querySelector("th a[href], td a[href]");

    function isTypedIn(element) {
        if (element.tagName === "INPUT") return !IS_NOT_TYPED_IN.includes(element.type);
        return element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName);
    }

    function goTo(row, block) {
        const target = linkOf(row) ?? row;
        if (target === row) row.tabIndex = -1;
        target.focus({ preventScroll: true, focusVisible: true });
        row.scrollIntoView({ block });
    }

    function move(step) {
        const all = rows();
        const at = all.indexOf(document.activeElement.closest("tr.data-row"));
        const next = at < 0 ? all[0] : all[at + step];
        if (next) goTo(next, "nearest");
    }

    const keys = {
        j: () => move(1),
        k: () => move(-1),
        x: () => document.activeElement.closest("tr.data-row")?.querySelector("input.action-select")?.click(),
        "?": () => document.getElementById("list-keys").showModal(),
    };

    document.addEventListener("keydown", (event) => {
        const act = keys[event.key];
        if (!act || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
        if (!document.getElementById("list-keys") || document.querySelector("dialog[open]")) return;
        if (isTypedIn(document.activeElement)) return;
        event.preventDefault();
        act();
    });

    // What is typed after `/` takes the place of what was searched.
    document.addEventListener("focusin", (event) => {
        if (event.target.id === "searchbar") event.target.select();
    });

    // A menu closes when something else is clicked.
    document.addEventListener("click", (event) => {
        for (const menu of document.querySelectorAll(".ec-pull[open]")) {
            if (!menu.contains(event.target) || event.target.closest(".ec-pull a")) menu.open = false;
        }
        if (event.target.closest("#list-keys-open")) keys["?"]();
        const row = event.target.closest("#result_list a[href]")?.closest("tr.data-row");
        if (row) sessionStorage.setItem(`opened ${location.pathname}`, linkOf(row).pathname);
    });

    // Who comes back has the row before them that they came from.
    function backWhereItWas() {
        const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
        const came = cameBack
            ? sessionStorage.getItem(`opened ${location.pathname}`)
            : document.referrer && new URL(document.referrer).pathname;
        const row = came && rows().find((each) => linkOf(each)?.pathname === came);
        if (row) goTo(row, "center");
    }
    // After interface.js: the page is hidden until Alpine is ready.
    document.addEventListener("alpine:initialized", () => requestAnimationFrame(backWhereItWas));
}
