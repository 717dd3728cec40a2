// django-unfold opens menus and filters with elements that no key reaches; here they become buttons.
"use strict";

// Neither a style sheet inside the page nor code out of attributes: the content security policy refuses both.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;

const OPENS = /^(filterOpen = true|openUserLinks|openTheme|sidebarMobileOpen)/;
const CHOOSES = /^(switchTheme|adminTheme|showPassword|activeFieldsetTab|activeTab)/; // the last two are tabs

const actionOf = (element) => element.getAttribute("x-on:click") ?? "";
let lastOpened = null;

// What a switch opens: the filters, the navigation on a phone, or the menu beside it.
function openedBy(element) {
    if (actionOf(element).startsWith("filterOpen")) return document.getElementById("changelist-filter");
    if (actionOf(element).startsWith("sidebarMobileOpen")) return document.getElementById("nav-sidebar");
    return element.parentElement.querySelector(":scope > nav");
}

// The next Tab then comes to the first thing in it.
function focusWhatOpens(element) {
    lastOpened = element;
    requestAnimationFrame(() => requestAnimationFrame(() => { // by then it is drawn
        const opened = openedBy(element);
        if (!opened?.checkVisibility()) return;
        opened.tabIndex = -1;
        opened.focus();
    }));
}

function becomeButton(element) {
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    const name = element.closest("[data-name]")?.dataset.name;
    if (name && OPENS.test(actionOf(element))) element.setAttribute("aria-label", name);
}

document.addEventListener("DOMContentLoaded", () => {
    for (const element of document.querySelectorAll("[x-on\\:click]:not(button, input)")) {
        if (OPENS.test(actionOf(element)) || CHOOSES.test(actionOf(element))) becomeButton(element);
    }
    // In lists on a phone the heading of a column stands before each value.
    for (const cell of document.querySelectorAll("#result_list [data-label]")) {
        const label = cell.dataset.label;
        cell.dataset.label = label.charAt(0).toUpperCase() + label.slice(1);
    }
});

// The page is hidden until Alpine is ready; a browser that was faster has found nothing there to focus.
document.addEventListener("alpine:initialized", () => requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();
}));

document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && lastOpened) {
        const isSidebar = openedBy(lastOpened)?.id === "nav-sidebar";
        if (isSidebar && openedBy(lastOpened).checkVisibility()) lastOpened.click();
        else document.body.click(); // menus close when something outside them is clicked
        lastOpened.focus();
        lastOpened = null;
        return;
    }
    if (event.key !== "Enter" && event.key !== " ") return;
    const element = event.target.closest?.("[x-on\\:click]");
    if (!element) return;
    if (element.getAttribute("role") === "button") {
        event.preventDefault();
        element.click();
    }
    if (OPENS.test(actionOf(element))) focusWhatOpens(element);
});

// What a button has dropped down closes too, and who was in it is back at the button.
document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    const open = ":is(.ec-drop, .ec-pull)[open]";
    const dropped = event.target === document.body ? document.querySelector(open) : event.target.closest?.(open);
    if (!dropped) return;
    dropped.open = false;
    dropped.querySelector("summary").focus();
});

// What is dropped down to be filled in is typed into at once.
document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".ec-drop")) event.target.querySelector("textarea")?.focus();
}, true);
