// All pages: keys, dialogs, copying, decisions.
'use strict';

const desk = {
  // keys are what a page does for each; a page adds its own.
  keys: {
    '?': () => document.getElementById('keys').showModal(),
    '/': () => document.querySelector('input[type=search]')?.focus(),
    u: () => { if (!document.getElementById('rows')) location.href = sessionStorage.getItem('list') || '/'; },
  },

  element: (name, text, kind = '') => Object.assign(document.createElement(name), {textContent: text, className: kind}),

  say(text) {
    const said = document.getElementById('said');
    said.textContent = text;
    clearTimeout(desk.silence);
    desk.silence = setTimeout(() => { said.textContent = ''; }, 5000);
  },

  async copy(text) {
    if (!text) return desk.say('There is nothing to copy.');
    await navigator.clipboard.writeText(text);
    desk.say('Copied.');
  },

  // ask shows the dialog for a reason: its text, or null when cancelled.
  ask(title, label) {
    const dialog = document.getElementById('reason'), text = document.getElementById('reason-text');
    document.getElementById('reason-title').textContent = title;
    document.getElementById('reason-label').textContent = label;
    text.value = '';
    text.required = true;
    dialog.returnValue = '';
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

  // decide records a decision about the picture whose report is at the path.
  // A reason is asked for where one is needed and none was given.
  async decide(path, action, revision, failed, reason = '') {
    if (!reason && action !== 'hold' && (action !== 'approve' || failed)) {
      const [title, label] = {
        approve: ['Approve a picture that failed', 'Why may it go out?'],
        kill: ['Kill', 'Why may it not be used?'], note: ['Note', 'What should others know?'],
      }[action];
      reason = await desk.ask(title, label);
      if (reason === null) return null;
    }
    const send = () => desk.call('/api/decisions/' + path.replace(/^\/reports\//, ''), {action, reason, revision});
    try {
      return await send();
    } catch (err) { // the desk knows of another decision
      if (reason || err.status !== 400 || !err.message.includes('needs a reason')) throw err;
      reason = await desk.ask('Change a decision', 'Another editor decided otherwise. Why is it changed?');
      return reason && send();
    }
  },
};

document.addEventListener('keydown', (e) => {
  if (e.key === 'Escape' && e.target.matches('input, textarea, select')) e.target.blur();
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches('input, textarea, select') || document.querySelector('dialog[open]')) return;
  const act = desk.keys[e.key];
  if (!act) return;
  e.preventDefault();
  act();
});

document.addEventListener('click', (e) => {
  const open = e.target.closest('[data-open]'), copy = e.target.closest('[data-copy]');
  if (open) document.getElementById(open.dataset.open).showModal();
  if (copy) desk.copy(document.getElementById(copy.dataset.copy).value ?? document.getElementById(copy.dataset.copy).textContent);
});

// A dialog's text is sent with Ctrl-Enter.
document.getElementById('reason-text').addEventListener('keydown', (e) => {
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.target.form.requestSubmit(e.target.form.querySelector('.main'));
});
