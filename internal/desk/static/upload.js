// Uploads go straight to the bucket, three at a time, each with its progress
// and then its verdict.
'use strict';

const uploads = $('uploads'), files = $('files'), drop = $('upload');
const queue = [];

// A file's name is shown with what would turn it around written out.
const visible = (name) => name.replace(/[\u0000-\u001F\u007F-\u009F\u00AD\u200B\u202A-\u202E\u2066-\u2069\uFEFF]/g, (c) => '⟦' + c.charCodeAt(0).toString(16).toUpperCase() + '⟧');
let running = 0;

function put(url, file, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.upload.onprogress = (e) => { if (e.lengthComputable) progress.value = e.loaded / e.total; };
    request.onload = () => request.status < 300 ? done() : failed(new Error('the bucket answered ' + request.status));
    request.onerror = () => failed(new Error('the bucket cannot be reached'));
    request.send(file);
  });
}

const {element} = desk;

// upload sends one file, and shows in its item how far it is.
async function upload(file, item) {
  const name = visible(file.name), progress = document.createElement('progress');
  progress.value = 0;
  progress.ariaLabel = name;
  item.lastChild.replaceWith(progress);
  try {
    const to = await desk.call('/api/uploads', {name: file.name}), began = Date.now();
    await put(to.url, file, progress);
    const link = element('a', name);
    link.href = to.report;
    item.replaceChildren(link, element('span', 'uploaded, being checked', 'soft'));
    const found = await desk.report(to.report, (r) => Date.parse(r.checked_at) >= began - 2000, 60);
    if (!found) return item.lastChild.replaceWith(element('span', 'uploaded; its report takes longer than usual', 'soft'));
    item.lastChild.replaceWith(element('span', found.verdict, 'verdict ' + found.verdict));
    const worst = found.findings[0];
    if (worst && worst.severity !== 'advice') item.append(element('span', visible(worst.message)));
  } catch (err) {
    item.replaceChildren(element('bdi', name), element('strong', err.message));
    const again = element('button', 'Try again');
    again.type = 'button';
    again.onclick = () => { item.replaceChildren(element('bdi', name), element('span', 'waiting', 'soft')); queue.push([file, item]); next(); };
    item.append(again);
  }
}

function next() {
  while (running < 3 && queue.length) {
    running++;
    upload(...queue.shift()).finally(() => { running--; next(); });
  }
  const tally = {};
  for (const badge of uploads.querySelectorAll('.verdict')) tally[badge.textContent] = (tally[badge.textContent] || 0) + 1;
  const left = running + queue.length;
  $('sum').textContent = (left ? left + ' on the way. ' : '') + Object.entries(tally).map(([v, n]) => n + ' ' + v).join(', ');
}

function add(list) {
  for (const file of list) {
    const item = document.createElement('li');
    item.append(element('bdi', visible(file.name)), element('span', 'waiting', 'soft'));
    uploads.append(item);
    queue.push([file, item]);
  }
  next();
}

files?.addEventListener('change', () => { add(files.files); files.value = ''; });
for (const event of ['dragover', 'dragleave', 'drop']) drop?.addEventListener(event, (e) => {
  e.preventDefault();
  drop.classList.toggle('over', event === 'dragover');
  if (event === 'drop') add(e.dataTransfer.files);
});

// Leaving the page would break off what is on the way.
addEventListener('beforeunload', (e) => { if (running) e.preventDefault(); });
