// Whatever this adds, the pages can be read without it.
'use strict';

const said = document.getElementById('said');
let quiet;

/** Tells something for a moment, also to a screen reader. */
function say(text) {
  said.textContent = text;
  said.classList.add('on');
  clearTimeout(quiet);
  quiet = setTimeout(() => said.classList.remove('on'), 2500);
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    say('Copied');
  });
}
