// All pages: keys, dialogs, copying, decisions.
'use strict';

const $ = (id) => document.getElementById(id);

const desk = {
  // keys are what a page does for each; a page adds its own, and act, which
  // decides about its picture.
  keys: {
    '?': () => $('keys').showModal(),
    '/': () => document.querySelector('input[type=search]')?.focus(),
    u: () => { if (!$('rows')) location.href = sessionStorage.getItem('list') || '/'; },
    a: () => desk.act?.('approve'), h: () => desk.act?.('hold'), x: () => desk.act?.('kill'), n: () => desk.act?.('note'),
  },

  done: {approve: 'approved', hold: 'held', kill: 'killed', note: 'noted'},

  element: (name, text, kind = '') => Object.assign(document.createElement(name), {textContent: text, className: kind}),

  say(text) {
    const said = $('said');
    said.textContent = text;
    clearTimeout(desk.silence);
    desk.silence = setTimeout(() => { said.textContent = ''; }, 5000);
  },

  async copy(text) {
    if (!text) return desk.say('There is nothing to copy.');
    await navigator.clipboard.writeText(text);
    desk.say('Copied.');
  },

  // ask puts a question in a dialog: the answer, or null when cancelled.
  ask(question) {
    const dialog = $('reason'), text = $('reason-text');
    $('question').textContent = question;
    text.value = dialog.returnValue = '';
    dialog.showModal();
    return new Promise((done) => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes' ? text.value.trim() : null), {once: true}));
  },

  // call posts JSON and returns the answer, or throws with the desk's words.
  async call(path, body) {
    const answer = await fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
    const found = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(found.detail || answer.statusText), {status: answer.status});
    return found;
  },

  // report is that of a path as soon as it is as wanted; null after so many
  // looks.
  async report(path, wanted, looks = Infinity) {
    for (; looks > 0; looks--) {
      const answer = await fetch('/api' + path), found = answer.ok && await answer.json();
      if (found && wanted(found)) return found;
      await new Promise((r) => setTimeout(r, 500));
    }
    return null;
  },

  // pictures are the addresses in the list that was left last.
  pictures: () => JSON.parse(sessionStorage.getItem('pictures') || '[]'),

  // decide records a decision about the picture whose report is at the path.
  // A reason is asked for where one is needed and none was given.
  async decide(path, action, revision, failed, reason = '') {
    if (!reason && action !== 'hold' && (action !== 'approve' || failed)) {
      reason = await desk.ask({approve: 'It failed. Why may it go out?', kill: 'Why may it not be used?', note: 'What should others know?'}[action]);
      if (reason === null) return null;
    }
    const send = () => desk.call('/api/decisions/' + path.replace(/^\/reports\//, ''), {action, reason, revision});
    try {
      return await send();
    } catch (err) { // the desk knows of another decision
      if (reason || err.status !== 400 || !err.message.includes('needs a reason')) throw err;
      reason = await desk.ask('Another editor decided otherwise. Why is it changed?');
      return reason && send();
    }
  },
};

document.addEventListener('keydown', (e) => {
  const typing = e.target.matches('input, textarea, select');
  if (typing && e.key === 'Escape') e.target.blur();
  if (typing && e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.target.form.querySelector('.main')?.click();
  if (typing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector('dialog[open]')) return;
  const act = desk.keys[e.key];
  if (!act) return;
  e.preventDefault();
  act();
});

document.addEventListener('click', (e) => {
  const open = e.target.closest('[data-open]'), copy = e.target.closest('[data-copy]');
  if (open) $(open.dataset.open).showModal();
  if (copy) desk.copy($(copy.dataset.copy).value);
});
