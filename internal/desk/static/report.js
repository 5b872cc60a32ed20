// A report: keys, decisions, the caption's check while one types.
'use strict';

const form = document.getElementById('decide');
const editor = document.getElementById('editor'), draft = document.getElementById('draft'), outcome = document.getElementById('checked');

async function decide(action) {
  if (!form?.querySelector(`[value="${action}"]`)) return;
  const reason = form.elements.reason.value.trim(), path = form.dataset.report;
  try {
    const done = await desk.decide(path, action, form.elements.revision.value, 'failed' in form.dataset, reason);
    if (done) location.reload();
  } catch (err) {
    desk.say(err.message);
  }
}

form?.addEventListener('submit', (e) => {
  e.preventDefault();
  decide(e.submitter?.value || 'note');
});

sessionStorage.setItem('last', location.pathname);

// The neighbours of the picture in the list that it was opened from.
function neighbour(step) {
  const pictures = JSON.parse(sessionStorage.getItem('pictures') || '[]');
  const to = pictures[pictures.indexOf(location.pathname) + step];
  if (to && pictures.includes(location.pathname)) location.href = to; else desk.say('There is no further picture in the list.');
}

Object.assign(desk.keys, {
  a: () => decide('approve'), h: () => decide('hold'), x: () => decide('kill'), n: () => decide('note'),
  c: () => draft && desk.copy(draft.value),
  e: () => draft?.focus(),
});
if (form || document.querySelector('.sheet')) Object.assign(desk.keys, {j: () => neighbour(1), k: () => neighbour(-1)});

// The caption is checked shortly after the last letter; an answer that a
// later one has overtaken is dropped.
let waiting, asked = 0;
async function recheck() {
  const mine = ++asked;
  try {
    const answer = await fetch('/recheck', {method: 'POST', body: new URLSearchParams(new FormData(editor))});
    const text = await answer.text();
    if (mine !== asked) return;
    if (answer.ok) outcome.innerHTML = text; else desk.say(JSON.parse(text).detail);
  } catch { desk.say('The caption cannot be checked now.'); }
}
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(recheck, 250);
}
editor?.addEventListener('input', soon);
editor?.addEventListener('reset', () => setTimeout(recheck));

// A caption was written: its version's report is shown when it is there.
const wrote = document.getElementById('wrote');
async function written() {
  const answer = await fetch('/api' + location.pathname);
  if (answer.ok && (await answer.json()).photo?.version_id === wrote.dataset.version) location.replace(location.pathname);
  else setTimeout(written, 500);
}
if (wrote) written().catch(() => {});

// The whole picture was being read: the report is shown again when it is
// complete, unless something was begun here.
const pending = document.getElementById('pending');
async function completed() {
  const answer = await fetch('/api' + location.pathname);
  if (!answer.ok || (await answer.json()).provenance?.pending) return setTimeout(completed, 1000);
  if (draft?.value === draft?.defaultValue && !form?.elements.reason.value && !document.querySelector('dialog[open]')) location.reload();
  else pending.textContent = 'The report is complete now. Reload the page to see it.';
}
if (pending) completed().catch(() => {});
