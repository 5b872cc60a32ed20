// A report: keys, decisions, the caption's check while one types.
'use strict';

const form = $('decide');
const editor = $('editor'), draft = $('draft'), outcome = $('checked');

desk.act = async (action) => {
  if (!form?.querySelector(`[value="${action}"]`)) return;
  const reason = form.elements.reason.value.trim(), path = form.dataset.report;
  try {
    const done = await desk.decide(path, action, form.elements.revision.value, 'failed' in form.dataset, reason);
    if (done) location.reload();
  } catch (err) {
    desk.say(err.message);
  }
};

form?.addEventListener('submit', (e) => {
  e.preventDefault();
  desk.act(e.submitter?.value || 'note');
});

sessionStorage.setItem('last', location.pathname);

// The neighbours of the picture in the list that it was opened from.
function neighbour(step) {
  const pictures = desk.pictures(), at = pictures.indexOf(location.pathname);
  if (at >= 0 && pictures[at + step]) location.href = pictures[at + step]; else desk.say('There is no further picture in the list.');
}

Object.assign(desk.keys, {
  j: () => neighbour(1), k: () => neighbour(-1),
  c: () => draft && desk.copy(draft.value),
  e: () => draft?.focus(),
  w: () => $('write')?.click(),
});

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
const wrote = $('wrote');
if (wrote) desk.report(location.pathname, (r) => r.photo?.version_id === wrote.dataset.version).then(() => location.replace(location.pathname), () => {});

// The whole picture was being read: the report is shown again when it is
// complete, unless something was begun here.
const pending = $('pending');
if (pending) desk.report(location.pathname, (r) => !r.provenance?.pending).then(() => {
  if (draft?.value === draft?.defaultValue && !form?.elements.reason.value && !document.querySelector('dialog[open]')) location.reload();
  else pending.textContent = 'The report is complete now. Reload the page to see it.';
}, () => {});
