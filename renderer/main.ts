import { mount } from 'svelte';
import App from './App.svelte';
import { Workbench } from './state/workbench.svelte.js';
import { LacunaDatabase } from './store/database.js';
import './theme/tokens.css';
import './theme/base.css';

const target = document.querySelector('#app');
if (!target) throw new Error('index.html has no #app');

const workbench = new Workbench(window.lacuna, new LacunaDatabase());
// what is not written yet is written when the window goes away
addEventListener('pagehide', () => void workbench.editor.flush());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') void workbench.editor.flush();
});

mount(App, { target, props: { workbench } });
void workbench
  .attempt('Start', () => workbench.start())
  // tests wait for it before they press anything
  .then(() => (document.body.dataset['started'] = ''));
