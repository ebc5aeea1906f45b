// Everything the pages need; viewer and editor come later, and only where they are used.
import './styles/main.css';
import { BatchList } from './batch-list.ts';
import { JobCard } from './job-card.ts';
import { ModelStage } from './model-stage.ts';
import { PictureBatch } from './picture-batch.ts';
import { PictureDrop } from './picture-drop.ts';
import { VISITOR } from './remember.ts';
import { ReportPanel } from './report-panel.ts';
import { TimeLeft } from './time-left.ts';

customElements.define('time-left', TimeLeft);
customElements.define('picture-drop', PictureDrop);
customElements.define('picture-batch', PictureBatch);
customElements.define('batch-list', BatchList);
customElements.define('job-card', JobCard);
customElements.define('model-stage', ModelStage);
customElements.define('report-panel', ReportPanel);

// The editor is large, and on its own pages only.
if (document.querySelector('image-editor')) void import('./editor/image-editor.ts');

// Only there if the visitor agreed.
const counting = document.getElementById('counting');
if (counting?.textContent) {
  const told = JSON.parse(counting.textContent);
  void import('./counting.ts').then(({ count }) => count(told));
}

// With the yes goes the name that it was counted under.
for (const no of document.querySelectorAll('button[name=consent][value=reject]')) {
  no.addEventListener('click', () => sessionStorage.removeItem(VISITOR));
}

// Pages are swapped in place (see swap.ts); going back means asking the server again.
window.addEventListener('popstate', () => location.reload());
