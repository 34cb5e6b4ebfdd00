// Whatever this adds, the pages can be read without it.
'use strict';

const said = document.getElementById('said');
let quiet;

/** Tells something for a moment, also to a screen reader. */
function say(text) {
  said.textContent = text;
  said.classList.add('on');
  clearTimeout(quiet);
  quiet = setTimeout(() => said.classList.remove('on'), 2500);
}

function offerCopies(part) {
  for (const button of part.querySelectorAll('button[data-copy]')) {
    button.hidden = !navigator.clipboard;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      say('Copied');
    });
  }
}

offerCopies(document);

/** A field and what came of it light up together, whichever is pointed at. */
function light(line, on) {
  line.classList.toggle('lit', on);
  for (const way of line.querySelectorAll('a[href^="#"]')) {
    document.getElementById(way.hash.slice(1))?.closest('[data-line]')?.classList.toggle('lit', on);
  }
}

function watchLines() {
  for (const line of document.querySelectorAll('[data-line]')) {
    line.addEventListener('mouseenter', () => light(line, true));
    line.addEventListener('mouseleave', () => light(line, false));
    line.addEventListener('focusin', () => light(line, true));
    line.addEventListener('focusout', () => light(line, false));
  }
}

watchLines();

// The workbench: what came of it follows what is typed, and a fault leads to its line.

const bench = document.getElementById('bench');
let trying;
let typed;

function watchFaults() {
  for (const link of document.querySelectorAll('a[data-rule-line]')) {
    link.addEventListener('click', (event) => {
      const rules = document.getElementById('rules');
      const lines = rules.value.split('\n');
      const line = Math.min(Number(link.dataset.ruleLine), lines.length);
      const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
      event.preventDefault();
      rules.focus();
      rules.setSelectionRange(start, start + lines[line - 1].length);
      rules.scrollTop = (line - 4) * (rules.scrollHeight / lines.length);
    });
  }
}

async function tryRules() {
  trying?.abort();
  trying = new AbortController();
  const form = new FormData(bench);
  // The file that is open stays open, whatever is chosen for later.
  form.set('open', form.get('file'));
  form.delete('new');
  try {
    const answer = await fetch('/workbench', {method: 'POST', body: new URLSearchParams(form), signal: trying.signal});
    if (!answer.ok) {
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.getElementById('result').replaceChildren(...page.getElementById('result').childNodes);
    watchFaults();
    watchLines();
    say('Tried');
  } catch (fault) {
    if (fault.name !== 'AbortError') {
      throw fault;
    }
  }
}

if (bench) {
  watchFaults();
  bench.addEventListener('input', (event) => {
    if (event.target.matches('textarea')) {
      clearTimeout(typed);
      typed = setTimeout(tryRules, 800);
    }
  });
}

// Light, dark, or as the system has it.

const themes = ['system', 'light', 'dark'];

function theme(name) {
  if (name === 'system') {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem('theme');
  } else {
    document.documentElement.dataset.theme = name;
    localStorage.setItem('theme', name);
  }
}

theme(localStorage.getItem('theme') ?? 'system');

function nextTheme() {
  const now = themes[(themes.indexOf(localStorage.getItem('theme') ?? 'system') + 1) % themes.length];
  theme(now);
  say('Colours: ' + now);
}

const themeButton = document.getElementById('theme');
themeButton.hidden = false;
themeButton.addEventListener('click', nextTheme);

// Keys.

const help = document.getElementById('help');
const main = document.getElementById('main');
let here = '';

function mark(row) {
  for (const each of main.querySelectorAll('[data-here]')) {
    delete each.dataset.here;
  }
  if (row) {
    row.dataset.here = '';
    here = row.dataset.row;
  }
}

/** Brings the marked line into view; Enter opens it then. */
function reach() {
  const row = main.querySelector('tr[data-here]');
  row?.querySelector('a')?.focus({preventScroll: true});
  row?.scrollIntoView({block: 'nearest'});
}

function move(by) {
  const rows = [...main.querySelectorAll('tr[data-row]')];
  const at = rows.findIndex((row) => 'here' in row.dataset);
  mark(rows[Math.min(rows.length - 1, Math.max(0, at + by))]);
  reach();
}

function tick() {
  main.querySelector('tr[data-here] input[name=number]')?.click();
}

const keys = {
  '/': () => document.getElementById('search').focus(),
  j: () => move(1),
  k: () => move(-1),
  r: () => document.querySelector('a[data-key="r"]')?.click(),
  d: () => document.querySelector('a[data-key="d"]')?.click(),
  o: () => document.querySelector('a[data-key="o"]')?.click(),
  e: () => document.querySelector('a[data-key="e"]')?.click(),
  x: tick,
  n: () => document.querySelector('a[rel="next"]')?.click(),
  p: () => document.querySelector('a[rel="prev"]')?.click(),
  t: nextTheme,
  '?': () => help.showModal(),
};

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest('input:not([type=checkbox]), textarea, select, dialog');
  if (event.key === 'Escape' && typing) {
    event.target.blur();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) {
    return;
  }
  event.preventDefault();
  keys[event.key]();
});

const helpButton = document.getElementById('keys');
helpButton.hidden = false;
helpButton.addEventListener('click', () => help.showModal());

// Lines of a list that are chosen, and what is done with them.

let last;

function boxes() {
  return [...main.querySelectorAll('input[name=number]')];
}

function showChosen() {
  const bar = document.getElementById('many');
  const all = document.getElementById('all');
  if (!bar) {
    return;
  }
  const chosen = boxes().filter((box) => box.checked).length;
  bar.hidden = chosen === 0;
  document.getElementById('chosen').textContent = chosen + (chosen === 1 ? ' message chosen:' : ' messages chosen:');
  all.closest('label').hidden = false;
  all.checked = chosen > 0 && chosen === boxes().length;
  all.indeterminate = chosen > 0 && !all.checked;
}

main.addEventListener('click', (event) => {
  if (event.target.name !== 'number' || !event.target.matches('input[type=checkbox]')) {
    return;
  }
  const rows = boxes();
  const at = rows.indexOf(event.target);
  const from = rows.indexOf(last);
  if (event.shiftKey && from >= 0) {
    rows.slice(Math.min(at, from), Math.max(at, from) + 1).forEach((box) => (box.checked = event.target.checked));
  }
  last = event.target;
  showChosen();
});

main.addEventListener('change', (event) => {
  if (event.target.id === 'all') {
    boxes().forEach((box) => (box.checked = event.target.checked));
    showChosen();
  }
});

// A browser that goes back may tick again what was ticked.
addEventListener('pageshow', showChosen);
showChosen();

// A page that follows what happens is got anew when something has happened.

const state = document.getElementById('live-state');
let source;
let wanted = false;

/** Whether somebody is in the middle of something that must not be taken away. */
function busy() {
  const focus = document.activeElement;
  return (
    main.querySelector('details.menu[open]') ||
    main.querySelector('input[name=number]:checked') ||
    [...main.querySelectorAll('details.name input[name=name]')].some((field) => field.value !== field.defaultValue) ||
    (main.contains(focus) && focus.matches('input, select, textarea, summary')) ||
    String(getSelection()) !== ''
  );
}

async function renew() {
  if (busy()) {
    wanted = true;
    return;
  }
  wanted = false;
  // Somebody who has gone is not kept logged in by that.
  const answer = await fetch(location.href, {headers: follows});
  if (answer.redirected) {
    location.assign(answer.url);
    return;
  }
  if (!answer.ok || busy()) {
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const focused = main.contains(document.activeElement);
  const open = [...main.querySelectorAll('details.narrow, details.name')].map((each) => each.open);
  // What came of an action is told by one page only, and must not go before it was read.
  const told = main.querySelector('.told[role=status]');
  main.replaceChildren(...page.getElementById('main').childNodes);
  if (told && !main.querySelector('.told[role=status]')) {
    main.querySelector('h1').after(told);
  }
  offerCopies(main);
  showChosen();
  const places = document.querySelector('.top nav');
  if (!places.contains(document.activeElement)) {
    places.replaceChildren(...page.querySelector('.top nav').childNodes);
  }
  main.querySelectorAll('details.narrow, details.name').forEach((each, at) => (each.open = open[at] ?? each.open));
  if (here) {
    mark(main.querySelector(`tr[data-row="${here}"]`));
    focused && reach();
  }
}

function listen() {
  if (document.hidden || source) {
    return;
  }
  source = new EventSource('/live');
  source.addEventListener('moved', renew);
  source.addEventListener('open', () => (state.textContent = ', and live'));
  source.addEventListener('error', () => (state.textContent = ', and not live now'));
}

// What is on the screen goes when its reader is logged out.

const follows = {'X-Millrace-Follows': 'yes'};

async function leave() {
  const answer = await fetch('/health', {method: 'HEAD', headers: follows}).catch(() => undefined);
  if (answer?.redirected) {
    location.assign('/log-in?to=' + encodeURIComponent(location.pathname + location.search));
  }
}

if ('known' in main.dataset) {
  setInterval(leave, 30000);
}

if ('live' in main.dataset) {
  listen();
  setInterval(() => wanted && renew(), 2000);
  // A browser has few connections to one place: pages that nobody sees must not use them up.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      source?.close();
      source = undefined;
    } else {
      listen();
      renew();
    }
  });
}
