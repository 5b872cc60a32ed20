// What pages do beyond their HTML: keys, copying, uploads, arrivals.
'use strict';

const rows = [...document.querySelectorAll('.row')];
let current = -1;

function choose(i) {
  if (!rows.length) return;
  rows[current]?.classList.remove('current');
  current = Math.max(0, Math.min(rows.length - 1, i));
  rows[current].classList.add('current');
  rows[current].scrollIntoView({block: 'nearest'});
  rows[current].querySelector('a.open').focus({preventScroll: true});
}

function copy(id) {
  const text = document.getElementById(id)?.textContent;
  if (text) navigator.clipboard.writeText(text);
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', () => { copy(button.dataset.copy); button.textContent = 'Copied'; });
}

document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches('input, textarea, select')) return;
  switch (e.key) {
    case 'j': choose(current + 1); break;
    case 'k': choose(current - 1); break;
    case 'o': rows[current]?.querySelector('a.open').click(); break;
    case 'u': if (!rows.length) history.back(); break;
    case 'c': copy('suggestion'); break;
    case '/': document.querySelector('input[type=search]')?.focus(); e.preventDefault(); break;
    case '?': document.getElementById('keys').showModal(); break;
    case 'a': case 'h': document.querySelector(`[data-key="${e.key}"]`)?.click(); break;
  }
});

// Uploads go straight to the bucket; the report's page is linked when it is there.
document.getElementById('files')?.addEventListener('change', async (e) => {
  const list = document.getElementById('uploads');
  for (const file of e.target.files) {
    const item = document.createElement('li');
    item.textContent = file.name + ': uploading …';
    list.append(item);
    try {
      const asked = await fetch('/api/uploads', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({name: file.name})});
      const to = await asked.json();
      if (!asked.ok) throw new Error(to.detail);
      const put = await fetch(to.url, {method: 'PUT', body: file});
      if (!put.ok) throw new Error('the bucket answered ' + put.status);
      const link = document.createElement('a');
      link.href = to.report;
      link.textContent = file.name;
      item.replaceChildren(link, ': uploaded, the report comes in a moment');
    } catch (err) {
      item.textContent = file.name + ': ' + err.message;
    }
  }
});

// New pictures: shown by themselves while the list stands at its top.
const arrivals = document.getElementById('arrivals');
if (arrivals && !new URLSearchParams(location.search).has('cursor')) {
  setInterval(async () => {
    if (document.hidden) return;
    const asked = new URLSearchParams(location.search);
    asked.set('limit', '1');
    if (asked.has('q')) return;
    try {
      const newest = (await (await fetch('/api/reports?' + asked)).json()).reports[0];
      if (!newest || Date.parse(newest.arrived_at) <= Date.parse(arrivals.dataset.newest || 0)) return;
      if (scrollY < 50 && current < 0 && !document.activeElement.matches('input, select')) location.reload();
      else arrivals.innerHTML = '<a href="">New pictures have arrived</a>';
    } catch { /* the next try may succeed */ }
  }, 1000);
}
