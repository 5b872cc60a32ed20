// The list: keys, decisions, arrivals, older rows, counts.
'use strict';

const list = document.getElementById('rows');
const link = (row) => row.querySelector('.text a');
const address = (row) => link(row).getAttribute('href'); // of its report
const shown = new Map([...list.children].map((row) => [address(row), row]));
let current = null;

function choose(row) {
  if (!row) return;
  current?.removeAttribute('aria-current');
  current = row;
  row.setAttribute('aria-current', 'true');
  row.scrollIntoView({block: 'nearest'});
  link(row).focus({preventScroll: true});
}

// parsed are the rows in a piece of HTML.
function parsed(html) {
  const t = document.createElement('template');
  t.innerHTML = html;
  return [...t.content.querySelectorAll('.row')];
}

function put(row, before) {
  list.insertBefore(row, before);
  shown.set(address(row), row);
}

function drop(row) {
  row.remove();
  shown.delete(address(row));
}

function replace(old, row) {
  const had = old.contains(document.activeElement) || document.activeElement === document.body;
  old.replaceWith(row);
  shown.set(address(row), row);
  if (old === current) {
    current = row;
    row.setAttribute('aria-current', 'true');
    if (had) link(row).focus({preventScroll: true});
  }
}

// mark shows a decision in its row.
function mark(row, {revision, decision}) {
  row.dataset.rev = revision;
  if (!decision) return;
  const time = row.querySelector('time');
  while (time.nextElementSibling?.matches('.decided, bdi')) time.nextElementSibling.remove();
  time.after(desk.element('span', {approve: 'approved', hold: 'held', kill: 'killed'}[decision.action], 'decided ' + decision.action), desk.element('bdi', decision.by));
}

async function decide(action) {
  if (!current || !('decides' in list.dataset) || action === 'kill' && !('kills' in list.dataset)) return;
  const path = address(current);
  try {
    const done = await desk.decide(path, action, current.dataset.rev, current.classList.contains('fail'));
    if (!done) return;
    const row = shown.get(path); // it may be another by now
    if (row) mark(row, done);
    desk.say({approve: 'Approved.', hold: 'Held.', kill: 'Killed.', note: 'Noted.'}[action]);
    if (current === row && action !== 'note') next();
    await refresh();
  } catch (err) {
    desk.say(err.message);
    if (err.status === 409) await refresh();
  }
}

// next goes down a row; at the end of what is shown, older rows come.
function next() {
  const row = current ? current.nextElementSibling : list.firstElementChild;
  if (row) choose(row); else more();
}

Object.assign(desk.keys, {
  j: next,
  k: () => choose(current ? current.previousElementSibling : list.firstElementChild),
  ArrowDown: next, ArrowUp: () => desk.keys.k(),
  o: () => current && link(current).click(),
  a: () => decide('approve'), h: () => decide('hold'), x: () => decide('kill'), n: () => decide('note'),
  c: async () => {
    if (!current) return;
    const found = await fetch('/api' + address(current));
    desk.copy((await found.json()).suggestion);
  },
  e: () => { if (current) location.href = address(current) + '#edit'; },
});

// Back from a report, its row is the current one again.
choose(shown.get(sessionStorage.getItem('last')));
sessionStorage.removeItem('last');

// The report's page goes to the next picture of this list.
addEventListener('pagehide', () => {
  sessionStorage.setItem('list', location.pathname + location.search);
  sessionStorage.setItem('pictures', JSON.stringify([...list.children].map(address)));
});

// Older rows come under the others, and the first of them is chosen.
const older = document.getElementById('older');
async function more() {
  if (!older?.isConnected || older.ariaBusy) return;
  older.ariaBusy = 'true';
  try {
    const answer = await fetch(older.dataset.rows);
    const rows = (answer.status === 200 ? parsed(await answer.text()) : []).filter((r) => !shown.has(address(r)));
    for (const row of rows) put(row, null);
    const further = answer.headers.get('Cutline-Next');
    if (further) older.dataset.rows = further; else if (answer.ok) older.remove();
    choose(rows[0]);
  } catch {
    desk.say('Older pictures cannot be had now.');
  }
  older.ariaBusy = null;
}
older?.addEventListener('click', (e) => {
  e.preventDefault();
  more();
});

// Arrivals. What came since the newest row is asked for every second; the
// whole first page, for what others decided, less often. A list that is
// searched for costs more, so its whole is asked for rarely.
const newestFirst = !list.dataset.sort;
const searched = /[?&](q|code|lang|prefix|bucket|reviewed)=/.test(list.dataset.from);
const paged = new URLSearchParams(location.search).has('cursor');

async function ask(query, headers) {
  const answer = await fetch(list.dataset.from + (list.dataset.from.includes('?') ? '&' : '?') + query, {headers, cache: 'no-store'});
  if (answer.status === 401) desk.say('You are no longer signed in. Reload the page to sign in again.');
  return answer;
}

// merge puts rows, the newest first, into the list in one walk from its top.
// Those older than all that is shown are left for the next page.
function merge(rows) {
  const last = older?.isConnected ? list.lastElementChild?.dataset.at : '';
  let n = 0, before = list.firstElementChild;
  for (const row of rows) {
    const old = shown.get(address(row));
    if (old) {
      if (old.dataset.rev === row.dataset.rev) continue;
      if (old.dataset.at === row.dataset.at || !newestFirst) {
        replace(old, row);
        if (before === old) before = row;
        continue;
      }
      if (before === old) before = old.nextElementSibling;
      drop(old);
    }
    if (!newestFirst || row.dataset.at < last) continue;
    n++;
    row.classList.add('new');
    while (before && before.dataset.at >= row.dataset.at) before = before.nextElementSibling;
    put(row, before);
    if (old === current && old) choose(row);
  }
  if (!n) return;
  document.getElementById('empty')?.remove();
  document.getElementById('news').textContent = n === 1 ? 'A picture has arrived.' : n + ' pictures have arrived.';
  if (scrollY < 200) return;
  unseen += n;
  fresh.textContent = '↑ ' + unseen + ' new';
  fresh.hidden = false;
}

// What arrives above the part in view is counted, and a click away.
const fresh = document.getElementById('fresh');
let unseen = 0;
fresh.onclick = () => { scrollTo(0, 0); choose(list.firstElementChild); };
addEventListener('scroll', () => { if (scrollY < 200) { unseen = 0; fresh.hidden = true; } }, {passive: true});

async function arrivals() {
  if (!newestFirst) return;
  const newest = list.firstElementChild?.dataset.at;
  if (!newest) return refresh();
  // Some seconds back: rows of one moment do not appear in their order.
  const answer = await ask('limit=200&since=' + new Date(Date.parse(newest) - 3000).toISOString());
  if (answer.status === 200) merge(parsed(await answer.text()));
}

async function refresh() {
  const answer = await ask('limit=50', {'If-None-Match': list.dataset.etag});
  if (answer.status !== 200 && answer.status !== 204) return;
  const rows = answer.status === 200 ? parsed(await answer.text()) : [];
  list.dataset.etag = answer.headers.get('ETag');
  // Rows that the list no longer has, but for the one in work.
  if (newestFirst && rows.length) {
    const last = rows.length < 50 ? '' : rows.at(-1).dataset.at, there = new Set(rows.map(address));
    for (let r = list.firstElementChild, next; r && r.dataset.at >= last; r = next) {
      next = r.nextElementSibling;
      if (r !== current && !there.has(address(r))) drop(r);
    }
  }
  merge(rows);
  count();
}

let ticks = 0, failures = 0, active = Date.now();
for (const event of ['keydown', 'pointermove']) addEventListener(event, () => { active = Date.now(); }, {passive: true});

// A click must not fall on a row that has just moved under the pointer.
let pointed = 0;
list.addEventListener('pointermove', () => { pointed = Date.now(); }, {passive: true});

async function tick() {
  if (Date.now() - pointed < 700) return setTimeout(tick, 300);
  ticks++;
  const idle = Date.now() - active > 10 * 60e3;
  if (!document.hidden && (!idle || ticks % 10 === 0)) {
    try {
      await (ticks % (searched ? 60 : 10) === 0 ? refresh() : arrivals());
      failures = 0;
    } catch (err) {
      if (++failures === 5) desk.say('The desk cannot be reached. New pictures will show when it is back.');
    }
  }
  setTimeout(tick, 1000 * Math.min(30, 1 + failures));
}
if (!paged) setTimeout(tick, 1000);

// Counts of the filters, at most one request in half a minute.
let counted = 0;
async function count() {
  if (Date.now() - counted < 30e3) return;
  counted = Date.now();
  const answer = await fetch(list.dataset.from.replace('/rows', '/facets'));
  if (answer.ok) document.getElementById('facets').innerHTML = await answer.text();
}
count().catch(() => {});
