// Uploads go straight to the bucket; the report's page is linked when it is there.
'use strict';

document.getElementById('files')?.addEventListener('change', async (e) => {
  const list = document.getElementById('uploads');
  for (const file of e.target.files) {
    const item = document.createElement('li');
    item.textContent = file.name + ': uploading …';
    list.append(item);
    try {
      const to = await desk.call('/api/uploads', {name: file.name});
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
