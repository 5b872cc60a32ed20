// Uploads go straight to the bucket, three at a time, each with its progress
// and then its verdict.
'use strict';

const uploads = document.getElementById('uploads'), files = document.getElementById('files'), drop = document.getElementById('upload');
const queue = [];
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

// verdict waits for the report of what was uploaded.
async function verdict(path, since) {
  for (let n = 0; n < 60; n++) {
    const answer = await fetch('/api' + path);
    if (answer.ok) {
      const found = await answer.json();
      if (Date.parse(found.checked_at) >= since - 2000) return found.verdict;
    }
    await new Promise((r) => setTimeout(r, 500));
  }
  return '';
}

async function upload(file) {
  const item = document.createElement('li'), progress = document.createElement('progress'), text = document.createElement('span');
  text.textContent = file.name;
  item.append(text, ' ', progress);
  progress.value = 0;
  progress.setAttribute('aria-label', file.name);
  uploads.append(item);
  try {
    const to = await desk.call('/api/uploads', {name: file.name}), began = Date.now();
    await put(to.url, file, progress);
    const link = document.createElement('a');
    link.href = to.report;
    link.textContent = file.name;
    item.replaceChildren(link, ' uploaded; it is being checked');
    const found = await verdict(to.report, began);
    const badge = document.createElement('span');
    badge.className = 'verdict ' + found;
    badge.textContent = found;
    item.replaceChildren(link, ' ', found ? badge : 'uploaded; its report takes longer than usual');
  } catch (err) {
    item.replaceChildren(file.name + ': ' + err.message);
  }
}

function next() {
  while (running < 3 && queue.length) {
    running++;
    upload(queue.shift()).finally(() => { running--; next(); });
  }
}

function add(list) {
  queue.push(...list);
  next();
}

files?.addEventListener('change', () => { add(files.files); files.value = ''; });
for (const event of ['dragover', 'drop']) drop?.addEventListener(event, (e) => {
  e.preventDefault();
  if (event === 'drop') add(e.dataTransfer.files);
});
