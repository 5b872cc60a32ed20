// The list: keys, decisions, arrivals, older rows, counts.
'use strict';

const list = document.getElementById('rows');
const link = (row) => row.querySelector('.text a');
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

function find(row) {
  const href = link(row).getAttribute('href');
  return [...list.children].find((r) => link(r).getAttribute('href') === href);
}

function replace(old, row) {
  old.replaceWith(row);
  if (old === current) {
    const had = old.contains(document.activeElement) || document.activeElement === document.body;
    current = row;
    row.setAttribute('aria-current', 'true');
    if (had) link(row).focus({preventScroll: true});
  }
}

async function decide(action) {
  if (!current || !('decides' in list.dataset) || action === 'kill' && !('kills' in list.dataset)) return;
  const row = current, path = link(row).getAttribute('href');
  try {
    const done = await desk.decide(path, action, row.dataset.rev, row.classList.contains('fail'));
    if (!done) return;
    desk.say({approve: 'Approved.', hold: 'Held.', kill: 'Killed.', note: 'Noted.'}[action]);
    if (current === row && action !== 'note') choose(row.nextElementSibling);
    await refresh();
  } catch (err) {
    desk.say(err.message);
    if (err.status === 409) await refresh();
  }
}

Object.assign(desk.keys, {
  j: () => choose(current ? current.nextElementSibling : list.firstElementChild),
  k: () => choose(current ? current.previousElementSibling : list.firstElementChild),
  ArrowDown: () => desk.keys.j(), ArrowUp: () => desk.keys.k(),
  o: () => current && link(current).click(),
  a: () => decide('approve'), h: () => decide('hold'), x: () => decide('kill'), n: () => decide('note'),
  c: async () => {
    if (!current) return;
    const found = await fetch('/api' + link(current).getAttribute('href'));
    desk.copy((await found.json()).suggestion);
  },
  e: () => { if (current) location.href = link(current).getAttribute('href') + '#edit'; },
});

// The report's page goes to the next picture of this list.
addEventListener('pagehide', () => {
  sessionStorage.setItem('list', location.pathname + location.search);
  sessionStorage.setItem('pictures', JSON.stringify([...list.children].map((r) => link(r).getAttribute('href'))));
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

function merge(rows) {
  let n = 0;
  for (const row of rows.reverse()) {
    const old = find(row);
    if (old) {
      if (old.dataset.rev === row.dataset.rev) continue;
      if (old.dataset.at === row.dataset.at || !newestFirst) { replace(old, row); continue; }
      old.remove();
    }
    if (!newestFirst) continue;
    n++;
    row.classList.add('new');
    const before = [...list.children].find((r) => r.dataset.at < row.dataset.at);
    list.insertBefore(row, before || null);
    if (old === current && old) choose(row);
  }
  if (!n) return;
  document.getElementById('empty')?.remove();
  document.getElementById('said').textContent = n === 1 ? 'A picture has arrived.' : n + ' pictures have arrived.';
  setTimeout(() => { document.getElementById('said').textContent = ''; }, 3000);
}

async function arrivals() {
  if (!newestFirst) return;
  const newest = [...list.children].reduce((at, r) => r.dataset.at > at ? r.dataset.at : at, '');
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
  const last = rows.at(-1)?.dataset.at || '', hrefs = new Set(rows.map((r) => link(r).getAttribute('href')));
  if (newestFirst) for (const r of [...list.children]) {
    if ((r.dataset.at >= last || rows.length < 50) && !hrefs.has(link(r).getAttribute('href')) && r !== current && rows.length) r.remove();
  }
  merge(rows);
  count();
}

let ticks = 0, failures = 0, active = Date.now();
for (const event of ['keydown', 'pointermove']) addEventListener(event, () => { active = Date.now(); }, {passive: true});

async function tick() {
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

// Older rows come under the others.
const older = document.getElementById('older');
older?.addEventListener('click', async (e) => {
  e.preventDefault();
  const answer = await fetch(older.dataset.rows);
  const rows = answer.status === 200 ? parsed(await answer.text()) : [];
  list.append(...rows.filter((r) => !find(r)));
  const next = answer.headers.get('Cutline-Next');
  if (next) older.dataset.rows = next; else older.remove();
  if (rows.length) choose(rows[0]);
});

// Counts of the filters, at most one request in half a minute.
let counted = 0;
async function count() {
  if (Date.now() - counted < 30e3) return;
  counted = Date.now();
  const answer = await fetch(list.dataset.from.replace('/rows', '/facets'));
  if (answer.ok) document.getElementById('facets').innerHTML = await answer.text();
}
count().catch(() => {});
