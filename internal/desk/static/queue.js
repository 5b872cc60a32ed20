// The list: keys, decisions, arrivals, older rows, counts.
'use strict';

const list = $('rows');
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

// update gives a row what another one of its picture says.
function update(row, by) {
  const focused = row.contains(document.activeElement);
  row.className = by.className;
  Object.assign(row.dataset, by.dataset);
  row.replaceChildren(...by.childNodes);
  if (focused) link(row).focus({preventScroll: true});
}

// mark shows a decision in its row.
function mark(row, {revision, decision}) {
  row.dataset.rev = revision;
  if (!decision) return;
  const time = row.querySelector('time');
  while (time.nextElementSibling?.matches('.decided, bdi')) time.nextElementSibling.remove();
  time.after(desk.element('span', desk.done[decision.action], 'decided ' + decision.action), desk.element('bdi', decision.by));
}

desk.act = async (action) => {
  if (!current || !('decides' in list.dataset) || action === 'kill' && !('kills' in list.dataset)) return;
  const path = address(current);
  try {
    const done = await desk.decide(path, action, current.dataset.rev, current.classList.contains('fail'));
    if (!done) return;
    const row = shown.get(path); // it may be another by now
    if (row) mark(row, done);
    desk.say('The picture is ' + desk.done[action] + '.');
    if (current === row && action !== 'note') next();
    await refresh();
  } catch (err) {
    desk.say(err.message);
    if (err.status === 409) await refresh();
  }
};

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
  c: async () => {
    if (!current) return;
    const found = await fetch('/api' + address(current));
    desk.copy((await found.json()).suggestion);
  },
  e: () => { if (current) location.href = address(current) + '#edit'; },
});

// The report's page goes to the next picture of this list.
const here = location.pathname + location.search;
addEventListener('pagehide', () => {
  sessionStorage.setItem('list', here);
  sessionStorage.setItem('pictures', JSON.stringify([...list.children].map(address)));
});

// fill puts up to so many older rows under the others, and returns them; null
// when there are no more.
const older = $('older');
async function fill(count) {
  if (!older?.isConnected || older.ariaBusy) return null;
  older.ariaBusy = 'true';
  try {
    const answer = await fetch(older.dataset.rows + '&limit=' + Math.min(count, 500));
    const rows = (answer.status === 200 ? parsed(await answer.text()) : []).filter((r) => !shown.has(address(r)));
    for (const row of rows) put(row, null);
    const further = answer.headers.get('Cutline-Next');
    if (further) older.dataset.rows = further; else if (answer.ok) older.remove();
    return answer.ok ? rows : null;
  } catch {
    desk.say('Older pictures cannot be had now.');
    return null;
  } finally {
    older.ariaBusy = null;
  }
}
const more = async () => choose((await fill(100))?.[0]);
older?.addEventListener('click', (e) => {
  e.preventDefault();
  more();
});

// Back from a report the list is as long as it was, and the picture's row is
// the current one again, or the next that is still there.
async function back(last) {
  const were = sessionStorage.getItem('list') === here ? desk.pictures() : [];
  while (list.children.length < were.length && await fill(were.length - list.children.length));
  if (!current) choose([last, ...were.slice(were.indexOf(last))].map((a) => shown.get(a)).find(Boolean));
}
if (sessionStorage.getItem('last')) back(sessionStorage.getItem('last'));
sessionStorage.removeItem('last');

// Arrivals. What came since the newest row is asked for every second; the
// whole first page, for what others decided, every so many.
const newestFirst = !list.dataset.sort, every = +list.dataset.every;

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
  for (const found of rows) {
    const old = shown.get(address(found)), row = old || found, at = old?.dataset.at;
    if (old?.dataset.rev === found.dataset.rev) continue;
    if (old) update(old, found);
    if (row.dataset.at === at || !newestFirst || row.dataset.at < last) continue;
    n++;
    row.classList.add('new');
    while (before && (before === row || before.dataset.at >= row.dataset.at)) before = before.nextElementSibling;
    put(row, before);
    if (row === current) choose(row);
  }
  if (!n) return;
  $('empty')?.remove();
  $('news').textContent = n === 1 ? 'A picture has arrived.' : n + ' pictures have arrived.';
  if (scrollY < 200) return;
  unseen += n;
  fresh.textContent = '↑ ' + unseen + ' new';
  fresh.hidden = false;
}

// What arrives above the part in view is counted, and a click away.
const fresh = $('fresh');
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
      if (r === current || there.has(address(r))) continue;
      shown.delete(address(r));
      r.remove();
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
      await (ticks % every === 0 ? refresh() : arrivals());
      failures = 0;
    } catch (err) {
      if (++failures === 5) desk.say('The desk cannot be reached. New pictures will show when it is back.');
    }
  }
  setTimeout(tick, 1000 * Math.min(30, 1 + failures));
}
if (every) setTimeout(tick, 1000);

// Counts of the filters, at most one request in half a minute.
let counted = 0;
async function count() {
  if (Date.now() - counted < 30e3) return;
  counted = Date.now();
  const answer = await fetch(list.dataset.from.replace('/rows', '/facets'));
  if (answer.ok) $('facets').innerHTML = await answer.text();
}
count().catch(() => {});
